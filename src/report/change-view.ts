import { MARK_KEY } from "../model/mark.ts";
import type { Change, EntryChange, FieldDiff, Hold, Op, ResourceChange } from "../model/plan.ts";
import { pointer } from "../model/pointer.ts";
import type { EntryBody, ResourceKey } from "../model/resource.ts";
import { type FieldView, fieldViews } from "./field-view.ts";
import { printable } from "./printable.ts";

/** One change as every format shows it; entries stand under their datasource. All texts are printable. */
export interface ChangeView {
  readonly op: Op;
  readonly symbol: string;
  /** 12 hex digits; absent for a heading that only holds entries. */
  readonly id: string | undefined;
  /** `Kind/name`; for an entry its name alone. */
  readonly key: string;
  /** The display name, where it says more than the key. */
  readonly name: string | undefined;
  /** Bytes of an entry that is uploaded, where they are known and no secret. */
  readonly size: number | undefined;
  readonly hold: Hold | undefined;
  readonly fields: readonly FieldView[];
  readonly entries: readonly ChangeView[];
}

export const SYMBOL: Readonly<Record<Op, string>> = {
  create: "+",
  update: "~",
  replace: "-/+",
  adopt: ">",
  prune: "-",
  hold: "!",
  keep: "=",
};

/** Order of reading: what does damage first. */
export const OP_RANK: Readonly<Record<Op, number>> = {
  prune: 0,
  replace: 0,
  update: 1,
  adopt: 1,
  create: 2,
  hold: 3,
  keep: 4,
};

/** Number of hex digits of a change id that people see. */
const SHOWN_ID = 12;

/** The changes as views, entries under their datasource, in the given order within each rank. */
export function changeViews(changes: readonly Change[]): readonly ChangeView[] {
  const entries = Map.groupBy(
    changes.filter((change) => change.subject === "entry"),
    ({ datasource }) => datasource,
  );
  const owners = entryOwners(changes, entries);
  const resources = changes
    .filter((change) => change.subject === "resource")
    .map((change) => resourceView(change, owners.get(change.key) === change ? (entries.get(change.key) ?? []) : []));
  const headings = [...entries].filter(([key]) => !owners.has(key)).map(([key, below]) => headingView(key, below));
  return [...resources, ...headings].toSorted((left, right) => rankOf(left) - rankOf(right));
}

/** Lower is more alarming: 0 deletes and replaces, 1 updates, 2 creates, 3 holds, 4 keeps; entries count too. */
export function rankOf({ op, entries }: ChangeView): number {
  return Math.min(OP_RANK[op], ...entries.map(rankOf));
}

export function shortId(id: string): string {
  return id.slice(0, SHOWN_ID);
}

/** Several changes may have one key (copies are held apart): entries stand under the one that is really changed. */
function entryOwners(
  changes: readonly Change[],
  entries: ReadonlyMap<ResourceKey, readonly EntryChange[]>,
): ReadonlyMap<ResourceKey, ResourceChange> {
  const owners = new Map<ResourceKey, ResourceChange>();
  for (const change of changes) {
    if (change.subject !== "resource" || !entries.has(change.key)) continue;
    const known = owners.get(change.key);
    if (known === undefined || (known.op === "hold" && change.op !== "hold")) owners.set(change.key, change);
  }
  return owners;
}

function resourceView(change: ResourceChange, entries: readonly EntryChange[]): ChangeView {
  return { ...baseView(change, change.key), size: undefined, entries: entries.map(entryView) };
}

function headingView(key: ResourceKey, entries: readonly EntryChange[]): ChangeView {
  const base = { op: "keep", symbol: SYMBOL.keep, id: undefined, name: undefined, size: undefined } as const;
  return { ...base, key: printable(key), hold: undefined, fields: [], entries: entries.map(entryView) };
}

function entryView(change: EntryChange): ChangeView {
  const prefix = `${change.datasource}/entries/`;
  const key = change.key.startsWith(prefix) ? change.key.slice(prefix.length) : change.key;
  const body = uploadedBody(change);
  return { ...baseView(change, key), size: body && bodySize(body), entries: [] };
}

function baseView(change: Change, key: string): Omit<ChangeView, "size" | "entries"> {
  return {
    op: change.op,
    symbol: SYMBOL[change.op],
    id: shortId(change.id),
    key: printable(key),
    name: key === change.name || key.endsWith(`/${change.name}`) ? undefined : printable(change.name),
    hold: change.op === "hold" ? change.hold : undefined,
    fields: change.op === "prune" ? [] : shownFields(change),
  };
}

/** Which digest became which tells a reader nothing, only that nothing else differs does. */
function shownFields({ subject, fields }: Change): readonly FieldView[] {
  const shown = fields.filter((field) => !isDigest(field));
  if (shown.length > 0 || fields.length === 0 || subject === "entry") return shown.flatMap(fieldViews);
  return [{ pointer: pointer(MARK_KEY), shape: "value", before: undefined, after: "(mark renewed)" }];
}

/** True for a digest of ours, in a mark or of an entry. */
export function isDigest({ pointer: path }: FieldDiff): boolean {
  return DIGESTS.has(path);
}

const DIGESTS: ReadonlySet<string> = new Set(["/sha256", pointer(MARK_KEY, "sha256")]);

/** What a change uploads; undefined for one that only deletes old copies. */
export function uploadedBody(change: Change): EntryBody | undefined {
  if (change.subject !== "entry" || (change.op !== "create" && change.op !== "update")) return undefined;
  return change.op === "update" && change.current !== undefined ? undefined : change.desired.body;
}

/** Undefined for a secret, whose length is nobody's business, and for an address. */
export function bodySize(body: EntryBody): number | undefined {
  if (body.kind === "file") return body.file.size;
  return body.kind === "content" && typeof body.value === "string" ? Buffer.byteLength(body.value) : undefined;
}
