import { describe, expect, it } from "vitest";
import type { Draft } from "../../../../src/client/client.ts";
import type { JsonObject } from "../../../../src/model/json.ts";
import { aMark, anAppDraft, app } from "../../../support/client-builders.ts";
import { realServer, type Release, RELEASES } from "../../../support/real-clients.ts";
import { NEVER, rejection } from "../../../support/wire-server.ts";

const FULL: JsonObject = {
  config: {},
  processors: [{ id: "a", provider_slug: "promptly", processor_slug: "llm", config: {}, input: {} }],
};

function aDraft(document: JsonObject = FULL): Draft {
  return { ...anAppDraft({ ...document, type_slug: "text-chat" }, aMark()), type: "text-chat" };
}

const WITH_IMAGES: readonly Release[] = [
  ["versioned", "HEAD"],
  ["pipeline", "v0.2.5"],
];

describe.each(WITH_IMAGES)("an image of an app on %s %s", (...release) => {
  const PICTURE = "data:image/png;name=cat.png;base64,iVBORw0KGgo=";
  const ADDRESS = "https://example.com/cat.png";

  it("that is sent as itself comes back as an address, which is no drift", async () => {
    const { client } = await realServer(release);
    const config = { assistant_image: PICTURE };
    const { document } = await client.create(app, aDraft({ ...FULL, icon: PICTURE, config }), NEVER);
    const got = document["icon"];
    expect(got).toMatch(/_resized\.png$/u);
    expect(client.rules.isServerRewrite("App", "/icon", { sent: PICTURE, got }, document)).toBe(true);
    expect(client.rules.isServerRewrite("App", "/icon", { sent: ADDRESS, got }, document)).toBe(false);
    expect(client.rules.isServerRewrite("App", "/icon", { sent: PICTURE, got: undefined }, document)).toBe(false);
    const image = (document["config"] as JsonObject)["assistant_image"];
    expect(
      client.rules.isServerRewrite("App", "/config/assistant_image", { sent: PICTURE, got: image }, document),
    ).toBe(true);
  });

  it("goes when the manifest leaves it out", async () => {
    const { client } = await realServer(release);
    const live = await client.create(app, aDraft({ ...FULL, icon: PICTURE }), NEVER);
    const { document } = await client.update(app, live, aDraft(), NEVER);
    expect(document["icon"]).toBeUndefined();
  });

  it.each([{}, { assistant_image: PICTURE }, { assistant_image: "https://example.com/dog.png" }])(
    "may become an address, from %j",
    async (config) => {
      const { client } = await realServer(release);
      const live = await client.create(app, aDraft({ ...FULL, config }), NEVER);
      const wanted = aDraft({ ...FULL, config: { assistant_image: ADDRESS } });
      const { document } = await client.update(app, live, wanted, NEVER);
      expect(document["config"]).toEqual({ assistant_image: ADDRESS });
    },
  );
});

describe.each(RELEASES)("a picture on %s %s", (...release) => {
  it.each([
    { icon: "data:image/png;base64,iVBORw0KGgo=" },
    { icon: "data:image/svg+xml;name=cat.svg;base64,iVBORw0KGgo=" },
    { config: { assistant_image: "data:image/png;base64,iVBORw0KGgo=" } },
    { config: { assistant_image: 7 } },
  ])("that the server could not read is never sent, for it would leave a broken app behind: %j", async (more) => {
    const world = await realServer(release);
    const error = await rejection(world.client.create(app, aDraft({ ...FULL, ...more }), NEVER));
    expect(error).toMatchObject({ class: "invalid_manifest" });
    expect(error.message).not.toContain("iVBOR");
    expect(world.requests()).toEqual([]);
  });
});
