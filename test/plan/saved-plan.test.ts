import { describe, expect, it } from "vitest";
import { kinds } from "../../src/kinds/index.ts";
import type { JsonObject } from "../../src/model/json.ts";
import type { Policy } from "../../src/model/plan.ts";
import type { FileBody, Resource } from "../../src/model/resource.ts";
import { Secret } from "../../src/model/template.ts";
import { makePlan } from "../../src/plan/make-plan.ts";
import { parseSavedPlan, type SavedPlan } from "../../src/plan/parse-saved-plan.ts";
import { savePlan } from "../../src/plan/saved-plan.ts";
import {
  aDatasource,
  anApp,
  anEntry,
  desiredState,
  liveFrom,
  objectWith,
  planInput,
  planOf,
  ref,
  secret,
  textWith,
  uuid,
} from "../support/plan-builders.ts";
import { secretValueOf, templateOf } from "../support/symbolic-template.ts";

async function* noBytes(): AsyncIterable<Uint8Array> {
  // A plan never reads a file.
}

const file: FileBody = { path: "docs/a.pdf", fileName: "a.pdf", size: 3, sha256: "f".repeat(64), read: noBytes };
const token = new Secret(
  { $secret: { name: "slack", key: "token" } },
  secretValueOf({ $secret: { name: "slack", key: "token" } }),
);
const envToken = secret(secretValueOf({ $env: "TOKEN" }));
const docs = aDatasource("docs", {
  entries: [
    { ...anEntry("a"), body: { kind: "content", value: token } },
    { ...anEntry("b"), metadata: { lang: "en" }, origin: { path: "docs.yaml", line: 3, column: 5 } },
    { ...anEntry("c"), body: { kind: "file", file } },
    { ...anEntry("d"), body: { kind: "url", value: "https://example.org/" } },
  ],
  entriesPolicy: "Exclusive",
  formerSets: ["old"],
});
const bot = anApp("bot", {
  document: {
    config: { d: ref("docs"), k: envToken, $literal: 1, one: { $env: 1 } },
    slack_config: { bot_token: token },
  },
  publish: { visibility: "organization", readers: ["a@example.org"] },
  protect: true,
  uuid: uuid(9),
  takeOver: "other",
  origin: { path: "bot.yaml", line: 1, column: 1 },
});
const policy: Policy = { ...planInput({}).policy, maxDeletes: { percent: 50 }, takeOver: "other", adopt: true };

function saved(resources: readonly Resource[]): JsonObject {
  return savePlan(planOf({ desired: resources, policy }), desiredState(resources), kinds);
}

function reread(json: JsonObject): SavedPlan {
  const value: unknown = JSON.parse(JSON.stringify(json));
  return parseSavedPlan(value, { parseTemplate: templateOf, openFile: (found) => ({ ...found, read: noBytes }) });
}

describe("a saved plan", () => {
  it("gives back what it was made from", () => {
    const back = reread(saved([docs, bot]));
    expect(back.policy).toEqual(policy);
    expect(back.target).toEqual(planInput({}).target);
    expect([...back.desired.values()]).toEqual([bot, docs]);
  });

  it("plans to the same bytes as its manifests do", () => {
    const back = reread(saved([docs, bot]));
    const input = {
      ...planInput({ policy }),
      live: planInput({ live: [liveFrom(aDatasource("docs"), uuid(1))] }).live,
    };
    const one = makePlan({ ...input, desired: desiredState([docs, bot]) });
    const two = makePlan({ ...input, desired: back.desired });
    expect(two.changes.map(({ id }) => id)).toEqual(one.changes.map(({ id }) => id));
    expect(two.digest).toBe(one.digest);
  });

  it("holds no secret value, not even a literal one", () => {
    const literal = anApp("literal", { document: { slack_config: { bot_token: "xoxb-literal", app_id: "A1" } } });
    const text = JSON.stringify(saved([docs, bot, literal]));
    expect(text).not.toContain("value-of-");
    expect(text).not.toContain("xoxb-literal");
    expect(text).toContain("A1");
  });

  it("names the resources whose literal secrets it does not carry", () => {
    const literal = anApp("literal", { document: { slack_config: { bot_token: "xoxb-literal" } } });
    const json = saved([bot, literal]);
    expect(json["resources"]).toContainEqual(
      objectWith({ key: "App/literal", literalSecrets: ["/slack_config/bot_token"] }),
    );
    expect([...reread(json).unsavable]).toEqual(["App/literal"]);
  });

  it("holds files by path and digest", () => {
    expect(JSON.stringify(saved([docs]))).toContain(
      JSON.stringify({ kind: "file", path: "docs/a.pdf", fileName: "a.pdf", size: 3, sha256: file.sha256 }),
    );
  });
});

describe("a plan file that cannot be used", () => {
  const good = saved([docs, bot]);
  const without = (member: string): JsonObject =>
    Object.fromEntries(Object.entries(good).filter(([name]) => name !== member));

  it.each<{ says: string; json: unknown; message: string }>([
    { says: "no object", json: [1], message: "it is not an object" },
    { says: "something else", json: without("kind"), message: "no plan" },
    {
      says: "another version",
      json: { ...good, schemaVersion: 2 },
      message: "schemaVersion is 2, and this program reads 1",
    },
    { says: "no version", json: without("schemaVersion"), message: "schemaVersion is missing" },
    { says: "an edited list of changes", json: { ...good, changes: [] }, message: "somebody edited it" },
    { says: "a missing policy", json: { ...good, policy: {} }, message: "/policy/set is not a text" },
    {
      says: "a broken resource",
      json: { ...good, resources: [{ kind: "App", document: 1 }] },
      message: "/resources/0/document is not an object",
    },
    {
      says: "a key that is none",
      json: { ...good, resources: [{ kind: "App", document: {}, key: "bot" }] },
      message: "/resources/0/key is not a key",
    },
  ])("says why: $says", ({ json, message }) => {
    expect(() =>
      parseSavedPlan(json, { parseTemplate: templateOf, openFile: (found) => ({ ...found, read: noBytes }) }),
    ).toThrow(objectWith({ class: "invalid_manifest", message: textWith(message), remedy: textWith("plan --out") }));
  });
});
