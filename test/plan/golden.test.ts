import { readdir, readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { docRules } from "../../src/client/dialects/doc/rules.ts";
import { kinds } from "../../src/kinds/index.ts";
import type { DialectRules, KindCapabilities } from "../../src/model/dialect.ts";
import type { JsonObject } from "../../src/model/json.ts";
import { completeList, type LiveEntry, type LiveResource, type LiveState } from "../../src/model/live.ts";
import type { Policy } from "../../src/model/plan.ts";
import type { Resource } from "../../src/model/resource.ts";
import { makePlan } from "../../src/plan/make-plan.ts";
import { parseSavedResource } from "../../src/plan/parse-saved-resource.ts";
import { savePlan } from "../../src/plan/saved-plan.ts";
import { desiredState, planInput } from "../support/plan-builders.ts";
import { templateOf } from "../support/symbolic-template.ts";

/**
 * A case is a folder: `desired.json` (resources in the form of a plan file, usual members left out), `live.json`
 * (resources by kind, entries by datasource), `policy.json` (flags, and `capabilities` by kind where the documented
 * ones are not meant). `plan.json` is what must come out; `vitest run -u` writes it.
 */
const root = new URL("../golden/plan/", import.meta.url);
const cases = (await readdir(root, { withFileTypes: true })).filter((entry) => entry.isDirectory());

interface LiveFile {
  readonly resources: Readonly<Record<string, readonly Partial<LiveResource>[]>>;
  readonly entries?: Readonly<Record<string, readonly LiveEntry[]>>;
}

type PolicyFile = Partial<Policy> & { readonly capabilities?: Readonly<Record<string, Partial<KindCapabilities>>> };

describe("golden plans", () => {
  it("are there", () => {
    expect(cases.length).toBeGreaterThan(3);
  });

  it.each(cases.map(({ name }) => name))("%s", async (name) => {
    const read = async (file: string): Promise<unknown> =>
      JSON.parse(await readFile(new URL(`${name}/${file}`, root), "utf8"));
    const desired = ((await read("desired.json")) as readonly JsonObject[]).map(resourceFrom);
    const live = liveFrom((await read("live.json")) as LiveFile);
    const { capabilities = {}, ...policy } = (await read("policy.json")) as PolicyFile;
    const input = {
      ...planInput({ desired, policy: { allowEmpty: false, ...policy }, rules: rulesFrom(capabilities) }),
      live,
    };
    const text = `${JSON.stringify(savePlan(makePlan(input), desiredState(desired), kinds), undefined, 2)}\n`;
    await expect(text).toMatchFileSnapshot(new URL(`${name}/plan.json`, root).pathname);
  });
});

const USUAL: JsonObject = {
  entriesPolicy: "Keep",
  deletionPolicy: "Delete",
  protect: false,
  movedFrom: [],
  formerSets: [],
  dependsOn: [],
};

function resourceFrom(json: JsonObject): Resource {
  const openFile = (): never => {
    throw new Error("golden cases hold no files");
  };
  return parseSavedResource({ value: { ...USUAL, ...json }, path: "" }, { parseTemplate: templateOf, openFile })
    .resource;
}

function liveFrom({ resources, entries = {} }: LiveFile): LiveState {
  return {
    resources: new Map(
      kinds.map(({ kind }) => [kind, completeList((resources[kind] ?? []).map((live) => liveOf(kind, live)))]),
    ),
    entries: new Map(Object.entries(entries).map(([uuid, items]) => [uuid, completeList(items)])),
  };
}

function liveOf(kind: string, live: Partial<LiveResource>): LiveResource {
  const createdAt = "2024-05-01T10:00:00.000000Z";
  return { kind, uuid: "", name: "", type: "", document: {}, isOwned: true, createdAt, updatedAt: createdAt, ...live };
}

function rulesFrom(capabilities: NonNullable<PolicyFile["capabilities"]>): DialectRules {
  const known = docRules.capabilities;
  const kindRows = Object.entries(known.kinds).map(([kind, facts]) => [kind, { ...facts, ...capabilities[kind] }]);
  return { ...docRules, capabilities: { ...known, kinds: Object.fromEntries(kindRows) as typeof known.kinds } };
}
