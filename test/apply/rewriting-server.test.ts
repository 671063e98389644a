import { describe, expect, it } from "vitest";
import { Secret } from "../../src/model/template.ts";
import { changesIn, createWorld, outcomeOf, type Site, wantApp } from "../support/apply-world.ts";

/** A server that stores every greeting in capitals, whoever sends it: the body is changed on its way. */
function shouting(site: Site): void {
  site.rewrite((text) => text.replaceAll("Good day", "GOOD DAY").replaceAll("hunter2", "HUNTER2"));
}

describe("a server that keeps a value differently than it was sent", () => {
  it.each(["create", "update"])("is warned about after a %s, and the next plan is empty all the same", async (op) => {
    const site = await (await createWorld()).start();
    if (op === "update") await site.sync([wantApp("bot")]);
    shouting(site);
    const wanted = [wantApp("bot", { greeting: "Good day" })];
    site.requests();
    const report = await site.sync(wanted);
    const outcome = outcomeOf(report, "App/bot");
    expect(outcome.status).toBe("done");
    expect(outcome.warnings.join()).toContain("server_rewrote_value");
    expect(outcome.warnings.join()).toContain("/config/welcome_message");
    expect(site.requests().filter((request) => request.startsWith("PATCH"))).toHaveLength(op === "create" ? 1 : 2);
    expect(changesIn(await site.plan(wanted))).toEqual([]);
  });

  it("writes it down once: the next update of something else sends one PATCH", async () => {
    const site = await (await createWorld()).start();
    shouting(site);
    await site.sync([wantApp("bot", { greeting: "Good day" })]);
    site.requests();
    await site.sync([wantApp("bot", { greeting: "Good day", config: { window_color: "#fff" } })]);
    expect(site.requests().filter((request) => request.startsWith("PATCH")).length).toBeLessThanOrEqual(2);
  });

  it("is warned about, and nothing that tells of the value is written down, where that is a secret", async () => {
    const site = await (await createWorld()).start();
    shouting(site);
    const secret = new Secret({ $env: "PASSWORD" }, "hunter2");
    const wanted = [wantApp("bot", { config: { password: secret } })];
    const report = await site.sync(wanted);
    expect(outcomeOf(report, "App/bot").warnings.join()).toContain("/config/password");
    expect(JSON.stringify(report)).not.toMatch(/hunter2/iu);
    expect((await site.apps())[0]?.mark?.kept).toBeUndefined();
  });
});

describe("a plan for such a server", () => {
  it("still shows a later edit by hand", async () => {
    const site = await (await createWorld()).start();
    shouting(site);
    const wanted = [wantApp("bot", { greeting: "Good day" })];
    await site.sync(wanted);
    const [app] = await site.apps();
    site.rewrite((text) => text);
    await site.editByHand(app?.uuid ?? "", {
      config: { ...(app?.document["config"] as object), welcome_message: "hey" },
    });
    expect(changesIn(await site.plan(wanted))).not.toEqual([]);
  });
});
