import { describe, expect, it } from "vitest";
import type { Publish } from "../../src/model/resource.ts";
import { anApp, changeOf, objectWith, summary, textWith, uuid, waveKeys } from "../support/plan-builders.ts";
import { planVersioned, runningApp } from "../support/version-builders.ts";

function planFor(publish: Publish, live: Publish | undefined) {
  const bot = anApp("bot", { publish });
  const rows = live === undefined ? [] : [runningApp(bot, uuid(1), { publish: live })];
  return planVersioned({ desired: [bot], live: rows });
}

describe("who may see an app", () => {
  it.each<{ says: string; asked: Publish; live: Publish | undefined; waves: readonly (readonly string[])[] }>([
    {
      says: "does not count while nobody is to see it at all",
      asked: { state: "Unpublished", visibility: "private", readers: ["a"] },
      live: { state: "Unpublished", visibility: "public", readers: [] },
      waves: [],
    },
    {
      says: "does not count while nothing is said of whether anybody is",
      asked: { visibility: "private" },
      live: { state: "Unpublished", visibility: "public" },
      waves: [],
    },
    {
      says: "is hidden without a word of who could see it",
      asked: { state: "Unpublished", visibility: "private" },
      live: { state: "Published", visibility: "public" },
      waves: [["narrow", "App/bot"]],
    },
    {
      says: "is not narrowed where nobody sees it yet",
      asked: { state: "Published", visibility: "private" },
      live: { state: "Unpublished", visibility: "public" },
      waves: [["widen", "App/bot"]],
    },
    {
      says: "of a new app that stays hidden is nothing to do",
      asked: { state: "Unpublished", visibility: "private" },
      live: undefined,
      waves: [["write", "App/bot"]],
    },
  ])("$says", ({ asked, live, waves }) => {
    expect(waveKeys(planFor(asked, live))).toEqual(waves);
  });

  it("is warned of where it is published for whoever the server likes", () => {
    const known = planFor({ state: "Published" }, { state: "Unpublished", visibility: "public" });
    expect(known.notes).toEqual([objectWith({ code: "publish/visibility", message: textWith("public, as it is") })]);
    expect(planFor({ state: "Published" }, undefined).notes).toEqual([
      objectWith({ code: "publish/visibility", message: textWith("may be everybody") }),
    ]);
    expect(planFor({ state: "Published", visibility: "private" }, undefined).notes).toEqual([]);
  });

  it("moves to the replacement of a published app", () => {
    const web = anApp("bot", { type: "web" });
    const live = runningApp(anApp("bot"), uuid(1), { publish: { state: "Published", visibility: "unlisted" } });
    const plan = planVersioned({
      desired: [web],
      live: [live],
      versions: {
        [uuid(1)]: { newestComment: "", comments: [], live: { version: 3, comment: "", document: live.document } },
      },
      policy: { allowReplace: true },
    });
    expect(summary(plan)).toEqual(["replace App/bot"]);
    expect(changeOf(plan, "App/bot").fields).toContainEqual({ pointer: "/publish/visibility", after: "unlisted" });
    expect(waveKeys(plan).map(([stage]) => stage)).toEqual(["write", "widen", "remove"]);
  });
});
