import type { JsonObject } from "../../model/json.ts";
import type { LiveEntry } from "../../model/live.ts";
import type { ResourceKey } from "../../model/resource.ts";
import { entryKey } from "../../model/mark-of.ts";
import { bodyKindOf } from "../entry-body.ts";

/** The datasource whose entries are written. */
interface Holder {
  readonly key: ResourceKey;
  readonly type: string;
  readonly set: string;
  /** `own`: only entries with our mark. `all`: the others too, and applying those adds them a second time. */
  readonly which: "own" | "all";
}

interface WrittenEntries {
  /** For the spec. Empty: nothing is said of entries, so that they are left as they are. */
  readonly entries: { readonly entries?: readonly JsonObject[] };
  readonly comments: readonly string[];
}

/** A live entry under the name that its manifest gives it. */
interface NamedEntry {
  readonly name: string;
  readonly entry: LiveEntry;
}

const MAX_ENTRIES = 1000;
const NAMES_SHOWN = 50;

/**
 * The entries of a datasource as its manifest writes them. Where one of ours cannot be written, none is: a manifest
 * that named only some would have the rest pruned.
 */
export function exportEntries(live: readonly LiveEntry[], holder: Holder): WrittenEntries {
  const named = eachNameOnce(live.flatMap((entry) => nameOf(entry, holder)));
  const foreign = live.filter((entry) => !isOurs(entry, holder)).map(({ name }) => name);
  const lost = named.filter((item) => !isWritable(item, holder.type));
  const left = lost.length > 0 || named.length > MAX_ENTRIES ? named : [];
  const written = left.length > 0 ? [] : named;
  return {
    entries: written.length === 0 ? {} : { entries: written.map(writeEntry) },
    comments: [
      ...listed("Not written, because this server does not give back what they hold", left),
      ...(holder.which === "all" ? [] : listed("Not written, because others added them", foreign.map(asNamed))),
    ],
  };
}

function nameOf(entry: LiveEntry, holder: Holder): readonly NamedEntry[] {
  if (isOurs(entry, holder)) {
    return [{ name: (entry.mark?.key ?? "").slice(entryKey(holder.key, "").length), entry }];
  }
  return holder.which === "all" ? [{ name: entry.name, entry }] : [];
}

function isOurs({ mark }: LiveEntry, { key, set }: Holder): boolean {
  return mark?.set === set && mark.key.startsWith(entryKey(key, ""));
}

/** Of several the youngest is the one that stays. */
function eachNameOnce(entries: readonly NamedEntry[]): readonly NamedEntry[] {
  const byAge = entries.toSorted((a, b) => compare(a.entry.createdAt, b.entry.createdAt));
  const byName = new Map(byAge.map((item) => [item.name, item]));
  return [...byName.values()].toSorted((a, b) => compare(a.name, b.name));
}

function isWritable({ name, entry }: NamedEntry, type: string): boolean {
  const wanted = bodyKindOf(type);
  if (entry.body === undefined || (wanted !== undefined && wanted !== entry.body.kind)) return false;
  return name !== "" && name.length <= 2048 && !/[\r\n]/u.test(name) && !name.split("/").includes("..");
}

function writeEntry({ name, entry: { body, metadata = {} } }: NamedEntry): JsonObject {
  return {
    name,
    ...(body !== undefined && { [body.kind]: body.value }),
    ...(Object.keys(metadata).length > 0 && { metadata }),
  };
}

function asNamed(name: string): Pick<NamedEntry, "name"> {
  return { name };
}

function listed(why: string, entries: readonly Pick<NamedEntry, "name">[]): readonly string[] {
  if (entries.length === 0) return [];
  const names = entries.map(({ name }) => name).toSorted();
  const more = names.length > NAMES_SHOWN ? ` and ${names.length - NAMES_SHOWN} more` : "";
  return [`${why}: ${names.slice(0, NAMES_SHOWN).join(", ")}${more}.`];
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
