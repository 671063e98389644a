import { SyncError } from "../model/errors.ts";
import type { Json } from "../model/json.ts";
import type { LiveEntry, LiveResource } from "../model/live.ts";
import { entryKey } from "../model/mark-of.ts";
import type { EntryChange, FieldDiff, Op } from "../model/plan.ts";
import type { DesiredEntry, Resource, ResourceKey } from "../model/resource.ts";
import { Secret } from "../model/template.ts";
import { changeId } from "./change-id.ts";
import { byText, groupBy } from "./collections.ts";
import { type Context, inOneOrder } from "./context.ts";
import type { Difference } from "./difference.ts";
import { type EntryOwner, entryOwners } from "./entry-owner.ts";

/** What becomes of a resource's entries, and how many are left only because nobody allowed to prune them. */
export interface EntryPlan {
  readonly changes: readonly EntryChange[];
  readonly leftovers: number;
  /** Live entries that are ours to delete: those that carry our mark, all of them where the policy is Exclusive. */
  readonly managed: number;
  /** The sets of entries that carry this resource's own key in another set. */
  readonly ofOtherSets: readonly string[];
}

const NOTHING: EntryPlan = { changes: [], leftovers: 0, managed: 0, ofOtherSets: [] };

/** Every wanted entry is to be made with its datasource. */
export function createEntries(resource: Resource): EntryPlan {
  const of = { resource, needs: [resource.key] };
  return { ...NOTHING, changes: (resource.entries ?? []).map((entry) => create(entry, of)) };
}

/**
 * Compares wanted entries with live ones, by mark and digest; unchanged content is never uploaded again. Throws
 * SyncError `incomplete_read` when the entries were not read.
 */
export function compareEntries(
  resource: Resource,
  live: LiveResource,
  context: Context,
  needs: readonly ResourceKey[],
): EntryPlan {
  if (resource.entries === undefined) return NOTHING;
  const ownerOf = entryOwners(resource, context);
  const isStale = staleSecrets(resource, context);
  const owned = readEntries(live, context).map((entry) => ({ entry, owner: isStale(entry, ownerOf(entry)) }));
  const wanted = groupBy(owned, ({ owner }) => (owner.status === "wanted" ? owner.name : undefined));
  const isOurs = ({ owner }: OwnedEntry): boolean =>
    owner.status !== "foreign" || resource.entriesPolicy === "Exclusive";
  const unwanted = owned.filter((item) => item.owner.status !== "wanted" && isOurs(item));
  const of: Of = { resource, datasourceUuid: live.uuid, needs };
  const { prune: isPruning, only, pruneEntries } = context.policy;
  const isPruned = pruneEntries ?? (isPruning && only.length === 0);
  return {
    changes: [
      ...resource.entries.map((entry) => settleEntry(entry, wanted.get(entry.name) ?? [], of)),
      ...(isPruned ? unwanted.map(({ entry }) => prune(entry, of)) : []),
    ],
    leftovers: isPruned ? 0 : unwanted.length,
    managed: owned.filter(isOurs).length,
    ofOtherSets: owned.flatMap(({ entry: { mark }, owner }) =>
      owner.status === "foreign" && mark?.key.startsWith(`${resource.key}/entries/`) ? [mark.set] : [],
    ),
  };
}

/** Digests count secrets by their source: of one whose value may be new, only an equal live text is what is wanted. */
function staleSecrets(
  { key, entries = [] }: Resource,
  { rotated }: Context,
): (entry: LiveEntry, owner: EntryOwner) => EntryOwner {
  const names = rotated?.get(key) ?? NO_NAMES;
  const bodies = new Map(entries.map(({ name, body }) => [name, body]));
  return (entry, owner) => {
    if (owner.status !== "wanted" || !owner.isEqual || names.size === 0) return owner;
    const body = bodies.get(owner.name);
    if (body === undefined || body.kind === "file" || !(body.value instanceof Secret)) return owner;
    const { source } = body.value;
    const mayBeNew = "$secret" in source && names.has(source.$secret.name);
    return mayBeNew && entry.body?.value !== body.value.reveal() ? { ...owner, isEqual: false } : owner;
  };
}

const NO_NAMES: ReadonlySet<string> = new Set();

/** Live entries of an object, by uuid; throws SyncError `incomplete_read` when they were not read. */
export function readEntries({ kind, uuid, name }: LiveResource, { live }: Context): readonly LiveEntry[] {
  const list = live.entries.get(uuid);
  if (list !== undefined) return inOneOrder(list.items);
  throw new SyncError("incomplete_read", `Planning the entries of ${kind} "${name}" (${uuid}) needs them read.`, {
    remedy: "This is a bug: please report it with the command you ran.",
  });
}

interface Of {
  readonly resource: Resource;
  readonly datasourceUuid?: string;
  readonly needs: readonly ResourceKey[];
}

interface OwnedEntry {
  readonly entry: LiveEntry;
  readonly owner: { readonly status: string; readonly isEqual?: boolean };
}

/** The newest live entry with the wanted content stays, READY ones first; whatever else has its mark is the old half. */
function settleEntry(desired: DesiredEntry, owned: readonly OwnedEntry[], of: Of): EntryChange {
  if (owned.length === 0) return create(desired, of);
  const equal = owned.filter(({ owner }) => owner.isEqual).map(({ entry }) => entry);
  const usable = equal.filter(({ status }) => status !== "FAILED").toSorted(readyThenNewest);
  const [current] = usable;
  const old = owned.map(({ entry }) => entry).filter((entry) => entry !== current);
  if (current !== undefined && old.length === 0) return keep(desired, current, of);
  return update(desired, { old, current, failed: equal.find(({ status }) => status === "FAILED") }, of);
}

function create(desired: DesiredEntry, of: Of): EntryChange {
  const differences = [differs("/sha256", undefined, desired.sha256)];
  return {
    ...base(desired.name, { op: "create", uuids: [], differences }, of),
    ...from(desired),
    op: "create",
    desired,
  };
}

function keep(desired: DesiredEntry, entry: LiveEntry, of: Of): EntryChange {
  const change = base(desired.name, { op: "keep", uuids: [entry.uuid], differences: [] }, of);
  return { ...change, ...from(desired), op: "keep", desired, live: [entry] };
}

interface Halves {
  readonly old: readonly LiveEntry[];
  readonly current: LiveEntry | undefined;
  readonly failed: LiveEntry | undefined;
}

function update(desired: DesiredEntry, { old, current, failed }: Halves, of: Of): EntryChange {
  const live = old.toSorted((a, b) => byText(a.uuid, b.uuid));
  const differences = [updateDifference(desired, { old: live, current, failed })];
  const uuids = live.map(({ uuid }) => uuid);
  const change = base(desired.name, { op: "update", uuids, differences }, of);
  return { ...change, ...from(desired), op: "update", desired, live, ...(current !== undefined && { current }) };
}

/** Why an entry is updated: there are more than one, it failed, or its content is another. */
function updateDifference(desired: DesiredEntry, { old, current, failed }: Halves): Difference {
  if (current !== undefined) return differs("/copies", old.length + 1, 1);
  if (failed !== undefined) return differs("/status", "FAILED", "READY");
  return differs("/sha256", old.find(({ mark }) => mark !== undefined)?.mark?.sha256, desired.sha256);
}

function prune(entry: LiveEntry, of: Of): EntryChange {
  const name = nameInMark(entry);
  return { ...base(name, { op: "prune", uuids: [entry.uuid], differences: [] }, of), op: "prune", live: [entry] };
}

/** The name an entry has in manifests: live names may be the server's. */
function nameInMark({ mark, name }: LiveEntry): string {
  const separator = "/entries/";
  const at = mark?.key.indexOf(separator) ?? -1;
  return mark === undefined || at < 0 ? name : mark.key.slice(at + separator.length);
}

interface Does {
  readonly op: Op;
  readonly uuids: readonly string[];
  readonly differences: readonly Difference[];
}

function base(name: string, { op, uuids, differences }: Does, { resource, datasourceUuid, needs }: Of): EntryBase {
  const key = entryKey(resource.key, name);
  const uuid = uuids.length === 0 ? null : uuids.join(",");
  return {
    subject: "entry",
    id: changeId({ kind: resource.kind, key, op, uuid, differences }),
    kind: resource.kind,
    key,
    name,
    fields: differences.map(({ field }) => field),
    needs,
    datasource: resource.key,
    ...(datasourceUuid !== undefined && { datasourceUuid }),
  };
}

type EntryBase = Pick<EntryChange, "subject" | "id" | "kind" | "key" | "name" | "fields" | "needs" | "datasource"> & {
  readonly datasourceUuid?: string;
};

function differs(pointer: string, before: Json | undefined, after: Json): Difference {
  const field: FieldDiff = { pointer, ...(before !== undefined && { before }), after };
  return { field, symbolic: after, about: "document" };
}

function from({ origin }: DesiredEntry): Pick<EntryChange, "origin"> {
  return origin === undefined ? {} : { origin };
}

function readyThenNewest(left: LiveEntry, right: LiveEntry): number {
  return (
    rank(left) - rank(right) ||
    (Date.parse(right.createdAt) || 0) - (Date.parse(left.createdAt) || 0) ||
    byText(right.createdAt, left.createdAt) ||
    byText(left.uuid, right.uuid)
  );
}

/** UNKNOWN is for servers that do not tell: it counts as there. */
function rank({ status }: LiveEntry): number {
  return status === "PROCESSING" ? 1 : 0;
}
