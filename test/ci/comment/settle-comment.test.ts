import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CommentKey, isMarked, markerOf } from "../../../src/ci/comment/marker.ts";
import { recordIn, recordLine, type ReviewRecord } from "../../../src/ci/comment/record.ts";
import { settleComment } from "../../../src/ci/comment/settle-comment.ts";
import type { ForgeComment } from "../../../src/ci/forges/forge.ts";

const key: CommentKey = { set: "shop", target: "prod", topic: "plan" };
const body = `${markerOf(key)}\n\n## Plan`;

function comment(id: string, over: Partial<ForgeComment> = {}): ForgeComment {
  return { id, body: `${markerOf(key)}\nold`, isOwn: true, isMinimised: false, url: "", ...over };
}

function steps(comments: readonly ForgeComment[], need: "always" | "where-one-is" | "none-left" = "always") {
  return settleComment(comments, { key, body, need });
}

describe("the one comment", () => {
  it("is made where there is none", () => {
    expect(steps([])).toEqual([{ do: "create", body }]);
    expect(steps([], "where-one-is")).toEqual([]);
  });

  it("is changed in place, and left alone where it says so already, whatever the forge makes of line ends", () => {
    expect(steps([comment("1")])).toEqual([{ do: "update", id: "1", body }]);
    expect(steps([comment("1", { body: `${body.replaceAll("\n", "\r\n")}\r\n` })])).toEqual([]);
  });

  it("is the oldest of several; the others are retired", () => {
    expect(steps([comment("1"), comment("2"), comment("3")])).toEqual([
      { do: "update", id: "1", body },
      { do: "retire", id: "2" },
      { do: "retire", id: "3" },
    ]);
  });

  it("is never somebody else's, one that only quotes the marker, a hidden one, or one of another set or target", () => {
    const others = [
      comment("1", { isOwn: false }),
      comment("2", { body: `> ${markerOf(key)}\n` }),
      comment("3", { isMinimised: true }),
      comment("4", { body: `${markerOf({ ...key, set: "shop2" })}\n` }),
      comment("5", { body: `${markerOf({ ...key, target: "staging" })}\n` }),
      comment("6", { body: `${markerOf({ ...key, topic: "drift" })}\n` }),
      comment("7", { body: markerOf(key) + "x\n" }),
    ];
    expect(steps(others)).toEqual([{ do: "create", body }]);
  });

  it("goes where it is wanted only while something changes", () => {
    expect(steps([comment("1"), comment("2")], "none-left").map((step) => step.do)).toEqual(["retire", "retire"]);
  });
});

const hex = (length: number) =>
  fc.string({ unit: fc.constantFrom(...Array.from("0123456789abcdef")), minLength: length, maxLength: length });

describe("the record in a comment", () => {
  it("comes back as it was written", () => {
    const record = fc.record({
      head: hex(40),
      tree: fc.option(hex(40), { nil: undefined }),
      digest: hex(64),
      ids: fc.option(fc.array(hex(12), { maxLength: 20 }), { nil: undefined }),
      applied: fc.option(hex(40), { nil: undefined }),
    });
    fc.assert(
      fc.property(record, (value: ReviewRecord) => {
        expect(recordIn(`${markerOf(key)}\r\n${recordLine(value)}\r\ntext`, key)).toEqual(value);
      }),
    );
  });

  it("keeps the digest alone where there are too many ids", () => {
    const ids = Array.from({ length: 5_000 }, (_, index) => index.toString(16).padStart(12, "0"));
    const line = recordLine({ head: "a", tree: undefined, digest: "b", ids, applied: undefined });
    expect(line.length).toBeLessThan(1_000);
    expect(recordIn(`${markerOf(key)}\n${line}\n`, key)).toEqual({
      head: "a",
      tree: undefined,
      digest: "b",
      ids: undefined,
      applied: undefined,
    });
  });

  it("is not believed in another line than the second, under another marker, or with anything but hex in it", () => {
    const line = recordLine({ head: "a1", tree: undefined, digest: "b2", ids: ["0123456789ab"], applied: undefined });
    expect(recordIn(`${markerOf(key)}\ntext\n${line}`, key)).toBeUndefined();
    expect(recordIn(`${markerOf({ ...key, set: "x" })}\n${line}`, key)).toBeUndefined();
    expect(recordIn(`${markerOf(key)}\n${line.replace("a1", "zz")}`, key)).toBeUndefined();
    expect(isMarked(`text\n${markerOf(key)}\n`, key)).toBe(false);
  });
});
