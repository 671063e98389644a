import { isArray, isObject, type Json } from "../../../model/json.ts";
import { type Http, UnexpectedShape } from "../../http.ts";

/** Ids of connections by name; their secrets come in clear with them, and are dropped here (llmstack-server.md 4.6). */
export function readConnections(http: Http, signal: AbortSignal): Promise<ReadonlyMap<string, readonly string[]>> {
  return http.read("/api/connections", parseConnections, signal);
}

function parseConnections(answer: Json): ReadonlyMap<string, readonly string[]> {
  if (!isArray<Json>(answer)) throw new UnexpectedShape("it is no list");
  const found = new Map<string, string[]>();
  for (const item of answer) {
    const { id, name } = isObject(item) ? item : {};
    if (typeof id !== "string" || typeof name !== "string") throw new UnexpectedShape("one has no text `id` or `name`");
    found.set(name, [...(found.get(name) ?? []), id]);
  }
  return found;
}
