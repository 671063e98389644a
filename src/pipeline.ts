import pLimit from "p-limit";
import type { Client } from "./client/client.ts";
import { kinds } from "./kinds/index.ts";
import { buildDesired } from "./manifest/build-desired.ts";
import { checkForKubernetes } from "./manifest/check-size.ts";
import { loadWanted, readBodies } from "./load-wanted.ts";
import { type Explain, explainer } from "./manifest/explain.ts";
import { readManifests } from "./manifest/read-manifests.ts";
import { type Rendered, renderFiles } from "./manifest/write/render-files.ts";
import { InvalidManifests } from "./model/invalid-manifests.ts";
import type { DialectRules } from "./model/dialect.ts";
import type { LiveState } from "./model/live.ts";
import type { Patch } from "./model/patch.ts";
import type { Note, Plan, Policy, Target } from "./model/plan.ts";
import { hasErrors, type Problem } from "./model/problem.ts";
import { pinsWhatRuns } from "./model/reference-target.ts";
import type { DesiredState } from "./model/resource.ts";
import type { Source } from "./model/source.ts";
import { planBetween } from "./plan/between.ts";
import type { PlanInput } from "./plan/context.ts";
import { readsNeeded, type VersionReads } from "./plan/reads-needed.ts";

/** Where values come from that stand in no manifest. */
export interface Values {
  env(name: string): string | undefined;
  /** Texts by `name/key`, for `$secret` and `$configMap`; absent where they come from a namespace and nowhere else. */
  readonly secretFiles?: ReadonlyMap<string, string>;
  /** Whether a secret that is nowhere stops the run, or is only worth a warning. */
  readonly missingSecrets: "error" | "warning";
  /** Also say what this target would refuse or not understand. */
  readonly target?: "kubernetes";
  /** What an environment changes in the manifests, in order. */
  readonly patches?: readonly Patch[];
}

/** Everything that manifests ask for, and everything there is to say about them. */
export interface Asked {
  readonly desired: DesiredState;
  readonly problems: readonly Problem[];
  readonly notes: readonly Note[];
  /** Where values were said, where the manifests are at hand. */
  readonly explain?: Explain;
}

/** Reads the manifests and the files they name. Problems are in the answer, all of them. */
export async function readDesired(source: Source, values: Values): Promise<Asked> {
  const manifests = readManifests(source.files, source.unread, values.patches);
  const files = await loadWanted(source, manifests.wanted);
  const { desired, problems, notes } = buildDesired(manifests, { ...values, files });
  const extra = values.target === "kubernetes" ? checkForKubernetes(manifests.manifests) : [];
  return { desired, problems: [...problems, ...extra], notes, explain: explainer(manifests) };
}

/** As `readDesired`; throws InvalidManifests where a problem is an error. */
export async function readSoundDesired(source: Source, values: Values): Promise<Asked> {
  const asked = await readDesired(source, values);
  if (hasErrors(asked.problems)) throw new InvalidManifests(asked.problems, source.files);
  return asked;
}

/**
 * The manifests in the form that needs nothing beside itself. Throws InvalidManifests where a problem is an error;
 * secrets need no value, for none is written.
 */
export async function renderManifests(source: Source, values: Values, secretName: string): Promise<Rendered> {
  const manifests = readManifests(source.files, source.unread, values.patches);
  const files = await loadWanted(source, manifests.wanted);
  const { problems } = buildDesired(manifests, { ...values, files, missingSecrets: "warning" });
  if (hasErrors(problems)) throw new InvalidManifests(problems, source.files);
  const rendered = renderFiles(manifests, { files, bytes: await readBodies(files), secretName });
  if (hasErrors(rendered.problems)) throw new InvalidManifests(rendered.problems, source.files);
  return rendered;
}

export interface DecideSetup {
  readDesired(): Promise<Asked>;
  connect(signal: AbortSignal): Promise<Connected>;
  readonly policy: Policy;
  /** makePlan, or makeDeletePlan. */
  readonly makePlan: (input: PlanInput) => Plan;
  /** What was read, for the first line of a plan. */
  readonly sourceName: string;
  readonly parallelism: number;
  /** Also look at the versions of what a list shows to be as it is wanted. Absent: only where there is a doubt. */
  readonly versionReads?: VersionReads;
  /** The Git revision of the manifests, where they come from one. */
  readonly revision?: string;
  /** What is known of the live objects from elsewhere. */
  readonly known?: Pick<PlanInput, "proven" | "rotated">;
  /** The id of their folder's tree in Git. */
  readonly tree?: string;
}

export interface Connected {
  readonly client: Client;
  /** For the first line of a plan. */
  readonly serverName: string;
}

export interface Decision {
  readonly plan: Plan;
  readonly asked: Asked;
  readonly live: LiveState;
  readonly client: Client;
}

/**
 * Reads both sides at the same time and decides. Writes nothing. What is wrong with the manifests is thrown before
 * what is wrong with the server, whichever came first.
 */
export async function decide(setup: DecideSetup, signal: AbortSignal): Promise<Decision> {
  const enough = new AbortController();
  const listing = readLists(setup, AbortSignal.any([signal, enough.signal]));
  // It is awaited below; until then a failure there must not look unhandled.
  listing.catch(() => undefined);
  const asked = await setup.readDesired().catch((error: unknown) => {
    enough.abort();
    throw error;
  });
  const { connected, resources } = await listing;
  const { client } = connected;
  const input = {
    desired: asked.desired,
    rules: client.rules,
    kinds,
    policy: setup.policy,
    target: targetOf(connected, setup),
    ...setup.known,
  };
  const live = await readFurther({ client, input, setup, resources }, signal);
  const plan = setup.makePlan({ ...input, live });
  return { plan: { ...plan, notes: [...asked.notes, ...plan.notes] }, asked, live, client };
}

/** Two sets of manifests that were read, each with its name for the first line of the plan. */
export interface BetweenSetup {
  readonly base: Asked;
  readonly baseName: string;
  readonly head: Asked;
  readonly sourceName: string;
  readonly revision?: string;
  readonly tree?: string;
  readonly policy: Policy;
}

/** What leads from one set of manifests to another; no server is asked. Its `target.base` says so. */
export function decideBetween({ base, head, policy, baseName, sourceName, ...from }: BetweenSetup): Plan {
  const { revision, tree } = from;
  const target = { server: "", dialect: "", set: policy.set, source: sourceName, base: baseName };
  const plan = planBetween({
    base: base.desired,
    head: head.desired,
    kinds,
    policy,
    target: { ...target, ...(revision !== undefined && { revision }), ...(tree !== undefined && { tree }) },
  });
  return { ...plan, notes: [...head.notes, ...plan.notes] };
}

interface Reading {
  readonly client: Client;
  readonly input: Omit<PlanInput, "live">;
  readonly setup: Pick<DecideSetup, "parallelism" | "versionReads">;
  readonly resources: LiveState["resources"];
}

/** Reads what only the lists could tell that it is needed, until nothing more is. */
async function readFurther({ client, input, setup, resources }: Reading, signal: AbortSignal): Promise<LiveState> {
  const { parallelism, versionReads } = setup;
  const first = readsNeeded({ ...input, live: { resources } }, versionReads);
  const [entries, connections, doubtful] = await Promise.all([
    readEntries(client, first.entries, parallelism, signal),
    first.connections === "needed" ? readConnections(client, signal) : undefined,
    readVersions(client, first.versions, parallelism, signal),
  ]);
  const versions = new Map(doubtful);
  const live: LiveState = { resources, entries, versions, ...(connections !== undefined && { connections }) };
  // What runs is known only now where a list left a doubt, and may put in doubt who refers to it.
  while (client.rules.capabilities.versions) {
    const needed = readsNeeded({ ...input, live }, versionReads);
    if (needed.versions.length === 0) break;
    const more = await readVersions(client, needed.versions, parallelism, signal);
    for (const [uuid, one] of more) versions.set(uuid, one);
  }
  return live;
}

async function readVersions(
  client: Client,
  uuids: readonly string[],
  parallelism: number,
  signal: AbortSignal,
): Promise<NonNullable<LiveState["versions"]>> {
  const limit = pLimit(parallelism);
  return new Map(await limit.map(uuids, async (uuid) => [uuid, await client.versions(uuid, signal)] as const));
}

/** A server that knows no connections has none of any name: what refers to one is held, and nothing else. */
async function readConnections(client: Client, signal: AbortSignal): Promise<NonNullable<LiveState["connections"]>> {
  return client.rules.capabilities.connections ? client.connections(signal) : new Map();
}

function targetOf(
  { client: { server }, serverName }: Connected,
  { policy, sourceName, revision, tree }: DecideSetup,
): Target {
  return {
    server: serverName,
    dialect: server.dialect,
    ...(server.account !== undefined && { account: server.account }),
    set: policy.set,
    source: sourceName,
    ...(revision !== undefined && { revision }),
    ...(tree !== undefined && { tree }),
  };
}

interface Lists extends Pick<LiveState, "resources"> {
  readonly connected: Connected;
}

async function readLists(setup: DecideSetup, signal: AbortSignal): Promise<Lists> {
  const connected = await setup.connect(signal);
  // Defaults of processors: without them a plan would take what the server adds for drift.
  const [resources] = await Promise.all([readKinds(connected.client, signal), connected.client.catalogue(signal)]);
  return { connected, resources };
}

async function readKinds(client: Client, signal: AbortSignal): Promise<LiveState["resources"]> {
  return new Map(await Promise.all(kinds.map(async (kind) => [kind.kind, await client.list(kind, signal)] as const)));
}

async function readEntries(
  client: Client,
  uuids: readonly string[],
  parallelism: number,
  signal: AbortSignal,
): Promise<LiveState["entries"]> {
  const limit = pLimit(parallelism);
  return new Map(await limit.map(uuids, async (uuid) => [uuid, await client.listEntries(uuid, signal)] as const));
}

/** Everything that a server shows, entries of what the token owns included: for `export`. */
export async function readEverything(client: Client, parallelism: number, signal: AbortSignal): Promise<LiveState> {
  const resources = await readKinds(client, signal);
  const holders = kinds
    .filter(({ hasEntries }) => hasEntries)
    .flatMap(({ kind }) => resources.get(kind)?.items ?? [])
    .filter(({ isOwned }) => isOwned);
  const uuids = holders.map(({ uuid }) => uuid);
  const [entries, versions] = await Promise.all([
    readEntries(client, uuids, parallelism, signal),
    readVersions(client, pinnedIn(resources, client.rules), parallelism, signal),
  ]);
  return { resources, entries, versions };
}

/** What references say which version of it they mean. */
function pinnedIn(resources: LiveState["resources"], rules: DialectRules): readonly string[] {
  const lists = kinds.map((spec) => ({ spec, items: resources.get(spec.kind)?.items ?? [] }));
  const known = new Set(lists.flatMap(({ items }) => items.filter(({ isOwned }) => isOwned).map(({ uuid }) => uuid)));
  const pinned = lists.flatMap(({ spec, items }) =>
    items.flatMap(({ document }) => spec.references(document).filter(({ form }) => pinsWhatRuns(form, rules))),
  );
  return [...new Set(pinned.map(({ uuid }) => uuid))].filter((uuid) => known.has(uuid));
}
