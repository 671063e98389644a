import type { DialectRules, KindCapabilities } from "../model/dialect.ts";
import { SyncError } from "../model/errors.ts";
import type { KindSpec } from "../model/kind.ts";
import type { AppVersions, LiveResource, LiveState } from "../model/live.ts";
import type { Policy, Target } from "../model/plan.ts";
import type { Pointer } from "../model/pointer.ts";
import type { DesiredState, Resource, ResourceKey } from "../model/resource.ts";
import { byText, memoize, once } from "./collections.ts";
import { connectionIds, connectionsIn } from "./connections.ts";
import { isSelected } from "./only.ts";
import { secretValuesOf } from "./secret-values.ts";
import { topologicalOrder } from "./topology.ts";
import { asItRuns } from "./versions.ts";

/** Everything that decides a plan: equal input gives equal bytes. */
export interface PlanInput {
  readonly desired: DesiredState;
  readonly live: LiveState;
  readonly rules: DialectRules;
  readonly kinds: readonly KindSpec[];
  readonly policy: Policy;
  readonly target: Target;
  /** Uuids of objects that somebody else's record proves ours, where neither a mark nor an entry does. */
  readonly proven?: ReadonlySet<string>;
  /** Names of the Secrets whose values may have changed since a resource was written last. */
  readonly rotated?: ReadonlyMap<ResourceKey, ReadonlySet<string>>;
}

/** The input with what every rule looks up in it, made once for a plan. */
export interface Context extends PlanInput {
  readonly kinds: readonly KindSpec[];
  /** Every desired resource, what is referred to first; in an order that the input's order does not change. */
  readonly resources: readonly Resource[];
  readonly specOf: (kind: string) => KindSpec;
  readonly capabilitiesOf: (kind: string) => KindCapabilities;
  /**
   * The complete list of one kind, by uuid, each as it runs where its versions were looked at; empty where the kind was
   * not read, which no desired resource has then.
   */
  readonly liveOf: (kind: string) => readonly LiveResource[];
  /** True where what a list shows of an object may be a draft that nothing runs. */
  readonly isVersioned: (kind: string) => boolean;
  /** Undefined where nobody looked. */
  readonly versionsOf: (uuid: string) => AppVersions | undefined;
  /** The connections that a resource refers to, by `Connection/<name>`. */
  readonly connectionsIn: (resource: Resource) => ReadonlySet<ResourceKey>;
  /** Ids of all of them that are clear. */
  readonly connections: () => ReadonlyMap<ResourceKey, string>;
  readonly isSelected: (key: ResourceKey) => boolean;
  readonly isSecret: (kind: string, path: Pointer) => boolean;
  /** Values of `$env` and `$secret` that may stand in a live document at a place no manifest names any more. */
  readonly secretValues: () => ReadonlySet<string>;
}

/** Throws SyncError `incomplete_read` when a kind that is desired was not read from the server. */
export function makeContext(input: PlanInput): Context {
  const { desired, live, rules, kinds, policy } = input;
  const quick = kinds.map(withMemory);
  const specs = new Map(quick.map((spec) => [spec.kind, spec]));
  const specOf = (kind: string): KindSpec => specs.get(kind) ?? unknownKind(kind);
  const keys = [...desired.keys()].toSorted(byText);
  const order = topologicalOrder(keys, (key) => desired.get(key)?.dependsOn ?? []);
  const resources = order.flatMap((key) => desired.get(key) ?? []);
  assertRead(resources, live);
  const versionsOf = (uuid: string): AppVersions | undefined => live.versions?.get(uuid);
  const running = (row: LiveResource): LiveResource => asItRuns(row, versionsOf(row.uuid));
  return {
    ...input,
    kinds: quick.toSorted((a, b) => a.rank - b.rank || byText(a.kind, b.kind)),
    resources,
    specOf,
    capabilitiesOf: (kind) => rules.capabilities.kinds[kind] ?? NOTHING,
    liveOf: memoize((kind: string) => inOneOrder(live.resources.get(kind)?.items ?? []).map(running)),
    isVersioned: (kind) => rules.capabilities.versions && specOf(kind).hasVersions,
    versionsOf,
    connectionsIn,
    connections: once(() =>
      connectionIds(new Set(resources.flatMap((resource) => [...connectionsIn(resource)])), live.connections),
    ),
    isSelected: memoize((key: ResourceKey) => isSelected(policy.only, key)),
    isSecret: (kind, path) => specOf(kind).isSecretPath(path),
    secretValues: once(() => secretValuesOf(resources)),
  };
}

/** A kind the dialect does not list: the server has no notion of anything of it. */
const NOTHING: KindCapabilities = { mark: "none", fixed: [], unsupported: [""], unclearable: [] };

/** The order in which a server lists things is no part of a plan. */
export function inOneOrder<Item extends { readonly uuid: string }>(items: readonly Item[]): readonly Item[] {
  return items.toSorted((a, b) => byText(a.uuid, b.uuid));
}

/** A plan asks about the same few places of thousands of documents. */
function withMemory(spec: KindSpec): KindSpec {
  return { ...spec, isSecretPath: memoize((path: Pointer) => spec.isSecretPath(path)) };
}

function assertRead(resources: readonly Resource[], live: LiveState): void {
  const missing = resources.find(({ kind }) => !live.resources.has(kind));
  if (missing === undefined) return;
  throw new SyncError(
    "incomplete_read",
    `Planning ${missing.key} needs the live ${missing.kind} list, which was not read.`,
    {
      remedy: "This is a bug: please report it with the command you ran.",
    },
  );
}

function unknownKind(kind: string): never {
  throw new SyncError("internal", `The kind ${kind} is not known here.`);
}
