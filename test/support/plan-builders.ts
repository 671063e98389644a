import { expect } from "vitest";
import { docRules } from "../../src/client/dialects/doc/rules.ts";
import { kinds } from "../../src/kinds/index.ts";
import type { DialectRules, KindCapabilities } from "../../src/model/dialect.ts";
import type { JsonObject } from "../../src/model/json.ts";
import { completeList, type LiveEntry, type LiveResource, type LiveState } from "../../src/model/live.ts";
import type { Mark } from "../../src/model/mark.ts";
import { entryMarkOf, markOf } from "../../src/model/mark-of.ts";
import type { Change, Hold, Plan, Policy, Target } from "../../src/model/plan.ts";
import { type DesiredEntry, type Resource, type ResourceKey, resourceKey } from "../../src/model/resource.ts";
import { Reference, referencesIn, Secret, type TemplateObject } from "../../src/model/template.ts";
import type { PlanInput } from "../../src/plan/context.ts";
import { makePlan } from "../../src/plan/make-plan.ts";

/** A uuid that can be recognised in a failing test: `uuid(7)` ends in 7. */
export function uuid(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
}

export const policy: Policy = {
  set: "team",
  isSetImplicit: false,
  prune: false,
  adopt: false,
  allowReplace: false,
  allowEmpty: false,
  discardDrafts: false,
  only: [],
};

const target: Target = { server: "http://llmstack.test", dialect: "doc", set: "team", source: "./manifests" };

type ResourceParts = Partial<Omit<Resource, "document">> & { readonly document?: TemplateObject };

function aResource(kind: string, name: string, document: TemplateObject, parts: ResourceParts): Resource {
  return {
    key: resourceKey(kind, name),
    kind,
    name: `The ${name}`,
    type: "text",
    entriesPolicy: "Keep",
    deletionPolicy: "Delete",
    protect: false,
    movedFrom: [],
    formerSets: [],
    dependsOn: [...new Set(referencesIn(document).map((reference) => reference.target))],
    ...parts,
    document,
  };
}

/** An app named `The <name>`; its document holds name and type_slug and whatever else is given. */
export function anApp(name: string, parts: ResourceParts = {}): Resource {
  const display = parts.name ?? `The ${name}`;
  const type = parts.type ?? "text-chat";
  return aResource(
    "App",
    name,
    { name: display, type_slug: type, ...parts.document },
    { type, ...parts, name: display },
  );
}

/** A datasource named `The <name>`. */
export function aDatasource(name: string, parts: ResourceParts = {}): Resource {
  const display = parts.name ?? `The ${name}`;
  const type = parts.type ?? "text";
  return aResource("Datasource", name, { name: display, type, ...parts.document }, { type, ...parts, name: display });
}

export function ref(name: string, form: "uuid" | "app" = "uuid"): Reference {
  return new Reference(resourceKey(form === "app" ? "App" : "Datasource", name), form);
}

export function secret(value: string, name = "TOKEN"): Secret {
  return new Secret({ $env: name }, value);
}

export function anEntry(name: string, content = `About ${name}.`): DesiredEntry {
  return { name, body: { kind: "content", value: content }, metadata: {}, sha256: `sha-of-${content}` };
}

/** A live object that is what a resource asks for, marked by the set `team`, with the given uuid. */
export function liveFrom(resource: Resource, id: string, parts: Partial<LiveResource> = {}): LiveResource {
  const spec = kinds.find(({ kind }) => kind === resource.kind);
  if (spec === undefined) throw new Error(`no kind ${resource.kind}`);
  const isMarked = docRules.capabilities.kinds[resource.kind]?.mark !== "none";
  return {
    kind: resource.kind,
    uuid: id,
    name: resource.name,
    type: resource.type,
    // Only for documents without references and secrets: those have nothing to resolve.
    document: structuredClone(resource.document) as JsonObject,
    ...(isMarked && { mark: markOf(spec, resource, { set: "team", nonce: `nonce-of-${id}` }) }),
    isOwned: true,
    createdAt: "2024-05-01T10:00:00.000000Z",
    updatedAt: "2024-05-01T10:00:00.000000Z",
    ...parts,
  };
}

/** The same object without a mark. */
export function unmarked(live: LiveResource): LiveResource {
  const { mark, ...rest } = live;
  return mark === undefined ? live : rest;
}

export function remarked(live: LiveResource, mark: Partial<Mark>): LiveResource {
  if (live.mark === undefined) throw new Error("has no mark");
  return { ...live, mark: { ...live.mark, ...mark } };
}

/** A live entry that is what a datasource asks for. */
export function liveEntry(
  datasource: ResourceKey,
  entry: DesiredEntry,
  id: string,
  parts: Partial<LiveEntry> = {},
): LiveEntry {
  return {
    uuid: id,
    name: entry.name,
    status: "READY",
    mark: entryMarkOf(datasource, entry, "team"),
    createdAt: "2024-05-01T10:00:00.000000Z",
    ...parts,
  };
}

export function foreignEntry(id: string, name = "by hand"): LiveEntry {
  return { uuid: id, name, status: "READY", createdAt: "2024-05-01T10:00:00.000000Z" };
}

export function liveState(
  resources: readonly LiveResource[],
  entries: Readonly<Record<string, readonly LiveEntry[]>> = {},
): LiveState {
  return {
    resources: new Map(
      kinds.map(({ kind }) => [kind, completeList(resources.filter((live) => live.kind === kind))] as const),
    ),
    entries: new Map([
      // A datasource that nobody says anything about was read and has none.
      ...resources.filter(({ kind }) => kind === "Datasource").map((live) => [live.uuid, completeList([])] as const),
      ...Object.entries(entries).map(([id, items]) => [id, completeList(items)] as const),
    ]),
  };
}

export function desiredState(resources: readonly Resource[]): ReadonlyMap<ResourceKey, Resource> {
  return new Map(resources.map((resource) => [resource.key, resource]));
}

/** The documented dialect with other facts about one kind. */
export function rulesWith(kind: string, facts: Partial<KindCapabilities>): DialectRules {
  const known = docRules.capabilities.kinds[kind];
  if (known === undefined) throw new Error(`no kind ${kind}`);
  const { capabilities } = docRules;
  return {
    ...docRules,
    capabilities: { ...capabilities, kinds: { ...capabilities.kinds, [kind]: { ...known, ...facts } } },
  };
}

interface World {
  readonly desired?: readonly Resource[];
  readonly live?: readonly LiveResource[];
  readonly entries?: Readonly<Record<string, readonly LiveEntry[]>>;
  readonly policy?: Partial<Policy>;
  readonly rules?: DialectRules;
  /** Datasources whose entries nobody read. */
  readonly unreadEntries?: readonly string[];
}

export function planInput(world: World): PlanInput {
  return {
    desired: desiredState(world.desired ?? []),
    live: withoutEntries(liveState(world.live ?? [], world.entries), world.unreadEntries ?? []),
    rules: world.rules ?? docRules,
    kinds,
    policy: { ...policy, allowEmpty: true, ...world.policy },
    target,
  };
}

function withoutEntries(live: LiveState, unread: readonly string[]): LiveState {
  return { ...live, entries: new Map([...live.entries].filter(([id]) => !unread.includes(id))) };
}

export function planOf(world: World): Plan {
  return makePlan(planInput(world));
}

/** `op key` of every change that is no keep, in the plan's order; holds with their reason. */
export function summary({ changes }: Plan): readonly string[] {
  return changes.filter(({ op }) => op !== "keep").map(inShort);
}

function inShort(change: Change): string {
  return change.op === "hold" ? `hold ${change.hold.reason} ${change.key}` : `${change.op} ${change.key}`;
}

export function changeOf(plan: Plan, key: string): Change {
  const found = plan.changes.find((change) => change.key === key);
  if (found === undefined) throw new Error(`no change of ${key}`);
  return found;
}

/** Why a change is held. */
export function holdOf(plan: Plan, key: string): Hold {
  const found = plan.changes.find((change) => change.key === key && change.op === "hold");
  if (found?.op !== "hold") throw new Error(`${key} is not held`);
  return found.hold;
}

/** Matches a text that holds this part, typed so that it may stand in any expectation. */
export function textWith(part: string): unknown {
  return expect.stringContaining(part);
}

/** Matches an object that has these members. */
export function objectWith(members: Readonly<Record<string, unknown>>): unknown {
  return expect.objectContaining(members);
}

/** The waves of a plan in short: the stage, then the keys of its changes. */
export function waveKeys({ waves }: Plan): readonly (readonly string[])[] {
  return waves.map(({ stage, changes }) => [stage, changes.map(({ key }) => key)].flat());
}
