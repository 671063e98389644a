import type { Json } from "./json.ts";
import type { AppVersions, LiveEntry, LiveResource } from "./live.ts";
import type { Pointer } from "./pointer.ts";
import type { DesiredEntry, Origin, Resource, ResourceKey } from "./resource.ts";
import type { Hint } from "./hints.ts";

export type Op = "create" | "update" | "replace" | "adopt" | "prune" | "hold" | "keep";

/** One differing place. `before` or `after` is absent where the place is; secrets are masked before they get here. */
export interface FieldDiff {
  readonly pointer: Pointer;
  readonly before?: Json;
  readonly after?: Json;
  /** Both sides are masked; the values differ. */
  readonly secret?: true;
  /** Where what is wanted was said, where somebody asked: the place itself first, then what set a part of it. */
  readonly from?: readonly ValueOrigin[];
}

/** A place that a value comes from: a line of a file, a file, or what else `path` names. */
export interface ValueOrigin {
  readonly path: string;
  readonly line?: number;
  /** What brought it in: a patch, or a directive and where that stands. */
  readonly by?: string;
}

/** Why the engine does not do what the manifests ask, and what would let it. */
export interface Hold extends Hint {
  readonly reason: HoldReason;
  /** One sentence with the facts: which uuid, which set, how many. */
  readonly detail: string;
}

export type HoldReason =
  | "unmanaged"
  | "ambiguous"
  | "owned"
  | "copy"
  | "mark-immutable"
  | "unsupported"
  | "unclearable"
  | "replace"
  | "protected"
  | "foreign-entries"
  | "referenced"
  | "markless"
  | "draft"
  | "connection"
  | "depends-on-held";

interface ChangeBase {
  /** sha256 over what the change does, before resolution; 64 hex digits, of which 12 are shown. */
  readonly id: string;
  readonly kind: string;
  readonly key: ResourceKey;
  /** Display name, for people. */
  readonly name: string;
  readonly fields: readonly FieldDiff[];
  readonly origin?: Origin;
  /** Keys whose changes must succeed before this one starts. */
  readonly needs: readonly ResourceKey[];
}

export type ResourceChange = ChangeBase & {
  readonly subject: "resource";
  /** What the plan saw of the live object's versions, where it looked: `live` is then what runs of them. */
  readonly versions?: AppVersions;
} & (
    | { readonly op: "create"; readonly desired: Resource }
    | { readonly op: "update" | "adopt" | "replace" | "keep"; readonly desired: Resource; readonly live: LiveResource }
    | {
        readonly op: "prune";
        readonly live: LiveResource;
        /** The manifest that names what is to go, where one does: its entries are proof of whose it is. */
        readonly manifest?: Resource;
      }
    | { readonly op: "hold"; readonly hold: Hold; readonly desired?: Resource; readonly live?: LiveResource }
  );

/** A change of one entry. `key` is `<datasource key>/entries/<name>`; an update adds the new, waits, deletes the old. */
export type EntryChange = ChangeBase & {
  readonly subject: "entry";
  readonly datasource: ResourceKey;
  /** Absent while the datasource itself is still to be created or replaced. */
  readonly datasourceUuid?: string;
} & (
    | { readonly op: "create"; readonly desired: DesiredEntry }
    | {
        readonly op: "update";
        readonly desired: DesiredEntry;
        /** The old half: deleted once the new one is READY. */
        readonly live: readonly LiveEntry[];
        /** Already there with the wanted content: nothing is uploaded, it is waited for where it is PROCESSING. */
        readonly current?: LiveEntry;
      }
    | { readonly op: "prune"; readonly live: readonly LiveEntry[] }
    /** One live entry, with the wanted content; worth waiting for where it is PROCESSING. */
    | { readonly op: "keep"; readonly desired: DesiredEntry; readonly live: readonly LiveEntry[] }
    | { readonly op: "hold"; readonly hold: Hold; readonly live: readonly LiveEntry[] }
  );

export type Change = ResourceChange | EntryChange;

/** Something a reader should know that changes nothing: unmanaged leftovers, skipped documents. */
export interface Note {
  readonly code: string;
  readonly message: string;
  /** The same for who has no command line, where the message speaks of its flags. */
  readonly inCluster?: string;
  readonly key?: ResourceKey;
}

/** A safety rule that stops the whole run before its first write. */
export interface Refusal extends Hint {
  readonly rule: "empty" | "implicit-set" | "max-deletes" | "account";
  /** What was found, with the numbers. */
  readonly detail: string;
}

/** Against what a plan was made. */
export interface Target {
  /** Empty, as is the dialect, where two sets of manifests are compared and no server is asked. */
  readonly server: string;
  readonly dialect: string;
  /** Absent where the server does not tell. */
  readonly account?: string;
  readonly set: string;
  /** What was read: paths as given, and for Git the revision. */
  readonly source: string;
  /** The Git revision that the manifests come from, where they come from one. */
  readonly revision?: string;
  /** The id of their folder's tree there: equal trees are equal manifests, however they were merged. */
  readonly tree?: string;
  /** The manifests that stand for what is live, where there is no server. */
  readonly base?: string;
}

export interface Plan {
  readonly target: Target;
  readonly policy: Policy;
  /** In the order people read them: deletes and replaces, then updates, then creates, then holds; keeps last. */
  readonly changes: readonly Change[];
  /** How apply goes through it: one wave after the other, what is in a wave at the same time. No keeps, no holds. */
  readonly waves: readonly Wave[];
  readonly refusals: readonly Refusal[];
  readonly notes: readonly Note[];
  readonly counts: Readonly<Record<Op, number>>;
  /** sha256 of the sorted change ids, keeps left out. */
  readonly digest: string;
  /** Ids of the connections that its manifests refer to, by `Connection/<name>`. */
  readonly connections?: ReadonlyMap<ResourceKey, string>;
  /** Uuids of objects without a mark that are ours by somebody else's record. */
  readonly proven?: ReadonlySet<string>;
  /** Uuids of everything that was live when it was made. Absent: not told, so nothing can be called new. */
  readonly seen?: ReadonlySet<string>;
}

/**
 * `narrow` and `widen` carry the publish half of a change (less access first, more access last), `write` creates and
 * updates, `remove` prunes and deletes what a replace has stood in for. One change may stand in several waves.
 */
export interface Wave {
  readonly stage: "narrow" | "write" | "widen" | "remove";
  readonly changes: readonly Change[];
}

/** What the person who runs it allows. */
export interface Policy {
  readonly set: string;
  /** True when nobody named a set: prune is refused then. */
  readonly isSetImplicit: boolean;
  readonly prune: boolean;
  readonly adopt: boolean;
  readonly allowReplace: boolean;
  readonly allowEmpty: boolean;
  readonly discardDrafts: boolean;
  readonly maxDeletes?: MaxDeletes;
  /** `Kind/name` globs; prune is off with them. */
  readonly only: readonly string[];
  readonly takeOver?: string;
  /** Who keeps what this run marks, where several may keep one set: what carries another's name is left alone. */
  readonly owner?: string;
  /** Entries of ours that their manifest names no more are deleted, whatever is selected. */
  readonly pruneEntries?: true;
}

export type MaxDeletes = { readonly count: number } | { readonly percent: number };

/** True when nothing would change: keeps only, and nothing refused. */
export function isEmptyPlan(plan: Plan): boolean {
  return plan.refusals.length === 0 && plan.changes.every(({ op }) => op === "keep");
}
