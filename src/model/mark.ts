import { isObject, type JsonObject } from "./json.ts";

/** The key under which LLMStack keeps our mark: in an app's config, a datasource's pipeline, an entry's metadata. */
export const MARK_KEY = "x-llmstack-sync";

/** What we leave on an object that we manage (design, "Identity and ownership"). */
export interface Mark {
  readonly v: 1;
  readonly set: string;
  /** Which operator keeps it, where its set does not say so already. The command line neither asks for it nor keeps it. */
  readonly owner?: string;
  /** `Kind/name`. A string, not a ResourceKey: it was read from a server. */
  readonly key: string;
  /** Of the symbolic desired document. Absent where marks cannot change after creation. */
  readonly sha256?: string;
  /** Random, made at creation: tells a copy (same nonce) from a race (another nonce). */
  readonly nonce: string;
  readonly protect?: true;
  readonly orphan?: true;
  /** The uuid that this object stands in for, until that one is deleted. */
  readonly replaces?: string;
  /**
   * Where values of secrets stand although no name there says so: once a manifest drops them, nothing else could tell
   * that what is live there must not be shown.
   */
  readonly secrets?: readonly string[];
  /** What the server keeps differently: pointer to [digest sent, digest got]. */
  readonly kept?: { readonly [pointer: string]: readonly [string, string] };
}

export interface EntryMark {
  readonly set: string;
  /** Key of the datasource, then the entry's name: `Datasource/docs/entries/refunds`. */
  readonly key: string;
  readonly sha256: string;
}

/** Reads a mark that a server gave back; undefined when it is not one of ours (a person may have edited it). */
export function parseMark(value: unknown): Mark | undefined {
  if (!isObject(value) || value["v"] !== 1) return undefined;
  const { set, key, nonce } = value;
  if (typeof set !== "string" || typeof key !== "string" || typeof nonce !== "string") return undefined;
  const kept = parseKept(value["kept"]);
  const secrets = parseSecrets(value["secrets"]);
  return {
    v: 1,
    set,
    ...textAt(value, "owner"),
    key,
    ...textAt(value, "sha256"),
    nonce,
    ...(value["protect"] === true && { protect: true as const }),
    ...(value["orphan"] === true && { orphan: true as const }),
    ...textAt(value, "replaces"),
    ...(secrets !== undefined && { secrets }),
    ...(kept !== undefined && { kept }),
  };
}

function textAt<Name extends "owner" | "sha256" | "replaces">(
  value: { readonly [key: string]: unknown },
  name: Name,
): { readonly [N in Name]?: string } {
  const text = value[name];
  return typeof text === "string" ? ({ [name]: text } as { readonly [N in Name]: string }) : {};
}

/** The mark as JSON, keys in a fixed order so that equal marks are equal bytes. */
export function markToJson(mark: Mark): JsonObject {
  const { v, set, owner, key, sha256, nonce, protect, orphan, replaces, secrets, kept } = mark;
  return {
    v,
    set,
    ...(owner !== undefined && { owner }),
    key,
    ...(sha256 !== undefined && { sha256 }),
    nonce,
    ...(protect && { protect }),
    ...(orphan && { orphan }),
    ...(replaces !== undefined && { replaces }),
    ...(secrets !== undefined && { secrets: [...secrets] }),
    ...(kept !== undefined && { kept: Object.fromEntries(Object.entries(kept).map(([k, pair]) => [k, [...pair]])) }),
  };
}

/** Reads the mark of an entry, one string of compact JSON in its metadata. */
export function parseEntryMark(value: unknown): EntryMark | undefined {
  if (typeof value !== "string") return undefined;
  const parsed = parseJson(value);
  if (!isObject(parsed)) return undefined;
  const { set, key, sha256 } = parsed;
  if (typeof set !== "string" || typeof key !== "string" || typeof sha256 !== "string") return undefined;
  return { set, key, sha256 };
}

export function entryMarkToText({ set, key, sha256 }: EntryMark): string {
  return JSON.stringify({ set, key, sha256 });
}

function parseSecrets(value: unknown): Mark["secrets"] {
  if (!Array.isArray(value)) return undefined;
  const pointers = value.filter((pointer) => typeof pointer === "string");
  return pointers.length === 0 ? undefined : pointers;
}

function parseKept(value: unknown): Mark["kept"] {
  if (!isObject(value)) return undefined;
  const pairs = Object.entries(value).flatMap(([pointer, pair]) => {
    if (!Array.isArray(pair) || typeof pair[0] !== "string" || typeof pair[1] !== "string") return [];
    return [[pointer, [pair[0], pair[1]]] as const];
  });
  return pairs.length === 0 ? undefined : Object.fromEntries(pairs);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
