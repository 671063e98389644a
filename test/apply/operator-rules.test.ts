import { describe, expect, it } from "vitest";
import type { Json } from "../../src/model/json.ts";
import { markToJson } from "../../src/model/mark.ts";
import { createWorld, wantApp } from "../support/apply-world.ts";

describe("places that are to stay as they are live", () => {
  it("are set by a create and kept by every later write", async () => {
    const site = await (await createWorld()).start();
    const keepLive = ["/config/theme"];
    const wanted = (greeting: string) => wantApp("bot", { greeting, config: { theme: "light" }, keepLive });
    const configNow = async (): Promise<Json | undefined> => (await site.apps())[0]?.document["config"];
    await site.sync([wanted("Hello")]);
    expect(await configNow()).toMatchObject({ theme: "light" });
    const [app] = await site.apps();
    const edited = {
      config: {
        welcome_message: "Hello",
        theme: "dark",
        "x-llmstack-sync": app?.mark === undefined ? null : markToJson(app.mark),
      },
    };
    await site.editByHand(app?.uuid ?? "", edited);
    expect((await site.plan([wanted("Hello")])).counts).toMatchObject({ update: 0, keep: 1 });
    await site.sync([wanted("Good day")]);
    expect(await configNow()).toMatchObject({ theme: "dark", welcome_message: "Good day" });
    expect((await site.plan([wanted("Good day")])).counts).toMatchObject({ update: 0, keep: 1 });
  });
});

it("who keeps an object is in the mark that a create and an update write", async () => {
  const site = await (await createWorld()).start();
  const policy = { owner: "k8s:here" };
  await site.sync([wantApp("bot")], policy);
  expect((await site.apps())[0]?.mark).toMatchObject({ owner: "k8s:here" });
  await site.sync([wantApp("bot", { greeting: "Good day" })], policy);
  expect((await site.apps())[0]?.mark).toMatchObject({ owner: "k8s:here" });
  await site.sync([wantApp("bot", { greeting: "Good night" })]);
  expect((await site.apps())[0]?.mark).not.toHaveProperty("owner");
});
