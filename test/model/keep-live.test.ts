import { describe, expect, it } from "vitest";
import { withLiveAt } from "../../src/model/keep-live.ts";

const keyed = { "/processors": "id" };

describe("a document that keeps what is live at some places", () => {
  it("takes the live value there and its own everywhere else", () => {
    const document = { name: "Bot", config: { theme: "light", size: 1 } };
    const live = { name: "Renamed", config: { theme: "dark", size: 9 } };
    expect(withLiveAt(document, live, ["/config/theme"], {})).toEqual({
      name: "Bot",
      config: { theme: "dark", size: 1 },
    });
  });

  it("takes a place that only live has, and leaves out one that live has not", () => {
    expect(withLiveAt({ a: 1 }, { config: { theme: "dark" } }, ["/config/theme"], {})).toEqual({
      a: 1,
      config: { theme: "dark" },
    });
    expect(withLiveAt({ config: { theme: "light", size: 1 } }, {}, ["/config/theme"], {})).toEqual({
      config: { size: 1 },
    });
    expect(withLiveAt({ a: 1 }, {}, ["/config/theme"], {})).toEqual({ a: 1 });
  });

  it("finds items of keyed lists by their key, not by where they stand", () => {
    const document = { processors: [{ id: "_inputs1", config: { k: 4 } }] };
    const live = {
      processors: [
        { id: "_inputs0", config: { k: 1 } },
        { id: "_inputs1", config: { k: 9 } },
      ],
    };
    expect(withLiveAt(document, live, ["/processors/0/config/k"], keyed)).toEqual({
      processors: [{ id: "_inputs1", config: { k: 9 } }],
    });
  });

  it("changes nothing at a place that neither has", () => {
    expect(withLiveAt({ list: [1] }, { list: [1] }, ["/list/7", "/nothing"], {})).toEqual({ list: [1] });
  });
});
