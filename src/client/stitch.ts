import { isArray, isObject, type Json, own } from "../model/json.ts";

/**
 * The output so far with one more chunk of values for its keys (documented-api.md, Streaming Output): texts grow at
 * their end, lists too, objects key by key; anything else is replaced. A null adds nothing to what is there.
 */
export function stitch(whole: Json, chunk: Json): Json {
  if (chunk === null) return whole;
  if (typeof whole === "string" && typeof chunk === "string") return whole + chunk;
  if (isArray<Json>(whole) && isArray<Json>(chunk)) return [...whole, ...chunk];
  if (!isObject(whole) || !isObject(chunk)) return chunk;
  const grown = Object.entries(chunk).map(([key, value]) => [key, stitch(own(whole, key) ?? null, value)] as const);
  return { ...whole, ...Object.fromEntries(grown) };
}
