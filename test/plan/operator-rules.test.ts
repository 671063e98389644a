import { describe, expect, it } from "vitest";
import type { Policy } from "../../src/model/plan.ts";
import { Secret } from "../../src/model/template.ts";
import { makeDeletePlan } from "../../src/plan/delete-plan.ts";
import { makePlan } from "../../src/plan/make-plan.ts";
import {
  aDatasource,
  anApp,
  anEntry,
  changeOf,
  foreignEntry,
  holdOf,
  liveEntry,
  liveFrom,
  objectWith,
  planInput,
  planOf,
  remarked,
  rulesWith,
  summary,
  textWith,
  uuid,
} from "../support/plan-builders.ts";

const bot = anApp("bot");
const live = liveFrom(bot, uuid(1));
const here: Partial<Policy> = { owner: "k8s:here", only: ["App/bot"] };

describe("who keeps an object of a set that several may keep", () => {
  const theirs = remarked(live, { owner: "k8s:there" });

  it("is written into a mark that the command line made, and nothing is made anew", () => {
    const plan = planOf({ desired: [bot], live: [live], policy: here });
    expect(changeOf(plan, bot.key)).toMatchObject({
      op: "update",
      fields: [{ pointer: "/x-llmstack-sync/owner", after: "k8s:here" }],
    });
    expect(summary(planOf({ desired: [bot], live: [remarked(live, { owner: "k8s:here" })], policy: here }))).toEqual(
      [],
    );
  });

  it("is left alone by another keeper, for writing and for deleting", () => {
    const world = { desired: [bot], live: [theirs], policy: here };
    expect(holdOf(planOf(world), bot.key)).toMatchObject({ reason: "owned", detail: textWith('"k8s:there"') });
    expect(summary(makeDeletePlan(planInput(world)))).toEqual(["hold owned App/bot"]);
  });

  it("changes by an annotation that names the former one", () => {
    const plan = planOf({ desired: [{ ...bot, takeOver: "k8s:there" }], live: [theirs], policy: here });
    expect(summary(plan)).toEqual(["update App/bot"]);
  });

  it("is nothing that the command line asks for", () => {
    expect(summary(planOf({ desired: [bot], live: [theirs] }))).toEqual([]);
  });

  it("keeps a prune from what another one keeps", () => {
    const policy = { owner: "k8s:here", prune: true, maxDeletes: { count: 9 } };
    expect(summary(planOf({ live: [theirs], policy }))).toEqual([]);
    expect(summary(planOf({ live: [live], policy }))).toEqual(["prune App/bot"]);
  });
});

describe("entries that their manifest names no more", () => {
  const docs = aDatasource("docs", { entries: [anEntry("a")] });
  const world = {
    desired: [docs],
    live: [liveFrom(docs, uuid(1))],
    entries: {
      [uuid(1)]: [
        liveEntry(docs.key, anEntry("a"), uuid(2)),
        liveEntry(docs.key, anEntry("b"), uuid(3)),
        foreignEntry(uuid(4)),
      ],
    },
  };

  it("go where the policy says so, whatever is selected, and those of others stay", () => {
    const policy: Partial<Policy> = { only: [docs.key], pruneEntries: true, maxDeletes: { percent: 100 } };
    expect(summary(planOf({ ...world, policy }))).toEqual(["prune Datasource/docs/entries/b"]);
    expect(summary(planOf({ ...world, policy: { only: [docs.key] } }))).toEqual([]);
  });
});

describe("a datasource without a mark that a record proves ours", () => {
  const docs = aDatasource("docs");
  const input = planInput({ desired: [docs], live: [liveFrom(docs, uuid(1))] });

  it("is deleted, and not without the record", () => {
    expect(summary(makeDeletePlan(input))).toEqual(["hold markless Datasource/docs"]);
    expect(summary(makeDeletePlan({ ...input, proven: new Set([uuid(1)]) }))).toEqual(["prune Datasource/docs"]);
  });

  it("stays when somebody else's entries are inside", () => {
    const world = { desired: [docs], live: [liveFrom(docs, uuid(1))], entries: { [uuid(1)]: [foreignEntry(uuid(2))] } };
    const plan = makeDeletePlan({ ...planInput(world), proven: new Set([uuid(1)]) });
    expect(summary(plan)).toEqual(["hold foreign-entries Datasource/docs"]);
  });
});

describe("a secret that may have another value than was written last", () => {
  const source = { $secret: { name: "maps", key: "api-key" } };
  const rotated = new Map([[bot.key, new Set(["maps"])]]);

  it("is written again where the server hides it, and not where it shows the value that is wanted", () => {
    const hides = {
      ...rulesWith("App", {}),
      isServerRewrite: (_: string, pointer: string) => pointer === "/config/key",
    };
    const app = { ...bot, document: { ...bot.document, config: { key: new Secret(source, "new") } } };
    const hidden = liveFrom(bot, uuid(1), { document: { ...live.document, config: { key: "****" } } });
    const shown = liveFrom(bot, uuid(1), { document: { ...live.document, config: { key: "new" } } });
    const fieldsFor = (object: typeof live, known: object): unknown =>
      makePlan({ ...planInput({ desired: [app], live: [object], rules: hides }), ...known }).changes[0]?.fields.filter(
        ({ pointer }) => pointer.startsWith("/config"),
      );
    expect(fieldsFor(hidden, {})).toEqual([]);
    expect(fieldsFor(hidden, { rotated })).toEqual([objectWith({ pointer: "/config/key", secret: true })]);
    expect(fieldsFor(shown, { rotated })).toEqual([]);
  });

  it("is uploaded again as an entry", () => {
    const entry = { ...anEntry("a"), body: { kind: "content" as const, value: new Secret(source, "new") } };
    const docs = aDatasource("docs", { entries: [entry] });
    const world = (text: string): Parameters<typeof planInput>[0] => ({
      desired: [docs],
      live: [liveFrom(docs, uuid(1))],
      entries: { [uuid(1)]: [liveEntry(docs.key, entry, uuid(2), { body: { kind: "content", value: text } })] },
    });
    const known = { rotated: new Map([[docs.key, new Set(["maps"])]]) };
    expect(summary(makePlan({ ...planInput(world("old")), ...known }))).toEqual(["update Datasource/docs/entries/a"]);
    expect(summary(makePlan({ ...planInput(world("new")), ...known }))).toEqual([]);
  });
});

describe("places that are to stay as they are live", () => {
  const tuned = (config: object, keepLive: readonly string[]) =>
    planOf({
      desired: [{ ...bot, keepLive }],
      live: [liveFrom(bot, uuid(1), { document: { ...live.document, ...config } })],
    });

  it("are no difference, whatever stands there, and all else is", () => {
    expect(summary(tuned({ config: { theme: "dark" } }, ["/config/theme"]))).toEqual([]);
    expect(summary(tuned({ config: { theme: "dark" } }, ["/config"]))).toEqual([]);
    expect(summary(tuned({ config: { theme: "dark" } }, ["/config/other"]))).toEqual(["update App/bot"]);
    expect(summary(tuned({ icon: "x" }, ["/config/theme"]))).toEqual(["update App/bot"]);
  });
});
