import { isArray, isObject, type Json, own } from "../../../../model/json.ts";
import type { LiveEntry } from "../../../../model/live.ts";
import { MARK_KEY, parseEntryMark } from "../../../../model/mark.ts";
import { oneLine } from "../../../excerpt.ts";
import { type Item, objectOf, statusOf, textOf, uuidOf } from "../../../wire-values.ts";

/** An entry as real servers answer it (llmstack-server.md 5.5). Throws UnexpectedShape. */
export function parseEntry(answer: Json): LiveEntry {
  const item = objectOf(answer);
  const config = objectIn(item, "config");
  const extra = own(objectIn(config, "extra_info"), "extra_data");
  const { [MARK_KEY]: marked, ...metadata } = isObject(extra) ? extra : {};
  const mark = parseEntryMark(marked);
  const reason = reasonOf(config);
  const body = bodyOf(config);
  return {
    uuid: uuidOf(item),
    name: textOf(item, "name"),
    status: statusOf(textOf(item, "status")),
    ...(mark !== undefined && { mark }),
    ...(reason !== undefined && { reason }),
    ...(body !== undefined && { body }),
    ...(isObject(extra) && { metadata }),
    createdAt: textOf(item, "created_at"),
  };
}

/** Empty where nothing of that name stands there, or something else. */
function objectIn(item: Item, key: string): Item {
  const value = own(item, key);
  return isObject(value) ? value : {};
}

/** Some releases give back what they were sent (5.5). */
function bodyOf(config: Item): LiveEntry["body"] {
  const { content } = objectIn(objectIn(config, "input"), "data");
  if (typeof content === "string") return { kind: "content", value: content };
  const { url } = objectIn(config, "request_data");
  return typeof url === "string" && url !== "" ? { kind: "url", value: url } : undefined;
}

const LONGEST = 300;

/** Why an entry failed, where the server kept it: most lose it (5.5). */
function reasonOf(config: Item): string | undefined {
  const errors = own(config, "processing_errors") ?? own(config, "errors") ?? null;
  const texts = (isArray<Json>(errors) ? errors : [errors]).filter((text) => typeof text === "string");
  const reason = oneLine(texts.join("; "));
  return reason === "" ? undefined : reason.slice(0, LONGEST);
}
