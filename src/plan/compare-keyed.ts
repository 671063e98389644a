import { isObject, type Json, own } from "../model/json.ts";
import { isTemplateObject, type Template } from "../model/template.ts";

/** Items of one list on both sides, matched by a field; an index is absent where that side has no such item. */
export interface KeyedPairs {
  readonly pairs: readonly { readonly desiredIndex?: number; readonly liveIndex?: number }[];
  /** The matched items' keys, where they stand in another order. */
  readonly order?: { readonly before: readonly string[]; readonly after: readonly string[] };
}

/** Undefined where one side's items cannot be told apart by `field`: such lists compare by position. */
export function keyedPairs(desired: readonly Template[], live: readonly Json[], field: string): KeyedPairs | undefined {
  const wanted = indexes(desired.map((item) => (isTemplateObject(item) ? own(item, field) : undefined)));
  const found = indexes(live.map((item) => (isObject(item) ? own(item, field) : undefined)));
  if (wanted === undefined || found === undefined) return undefined;
  const after = [...wanted.keys()].filter((key) => found.has(key));
  const before = [...found.keys()].filter((key) => wanted.has(key));
  return {
    pairs: [
      ...[...wanted].map(([key, desiredIndex]) => {
        const liveIndex = found.get(key);
        return liveIndex === undefined ? { desiredIndex } : { desiredIndex, liveIndex };
      }),
      ...[...found].filter(([key]) => !wanted.has(key)).map(([, liveIndex]) => ({ liveIndex })),
    ],
    ...(before.some((key, index) => key !== after[index]) && { order: { before, after } }),
  };
}

function indexes(keys: readonly unknown[]): ReadonlyMap<string, number> | undefined {
  const known = new Map<string, number>();
  for (const [index, key] of keys.entries()) {
    if (typeof key !== "string" || known.has(key)) return undefined;
    known.set(key, index);
  }
  return known;
}
