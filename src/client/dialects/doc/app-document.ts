import { SyncError } from "../../../model/errors.ts";
import { isObject, type JsonObject, own } from "../../../model/json.ts";
import type { LiveResource } from "../../../model/live.ts";
import { MARK_KEY, markToJson } from "../../../model/mark.ts";
import type { Draft } from "../../client.ts";

/** The whole definition with our mark in its config, as it is sent. */
export function appDocument({ name, type, document, mark }: Draft): JsonObject {
  const config = own(document, "config") ?? {};
  if (!isObject(config)) throw new SyncError("internal", `the config of app ${JSON.stringify(name)} is no object`);
  return { ...document, name, type_slug: type, config: { ...config, [MARK_KEY]: markToJson(mark) } };
}

/** The same for an app that is there: a key that live has and the manifest lacks is emptied, else it would stay. */
export function appReplacement(live: LiveResource, draft: Draft): JsonObject {
  const leftovers = Object.entries(live.document).filter(([, value]) => value !== null);
  return { ...Object.fromEntries(leftovers.map(([key]) => [key, null])), ...appDocument(draft) };
}
