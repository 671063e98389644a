import type { ReferenceTarget } from "../../../model/dialect.ts";
import { isObject, type Json } from "../../../model/json.ts";
import type { ReferenceForm } from "../../../model/template.ts";
import { parseUuid } from "../../uuid.ts";

/** What a reference looks like on the wire; an app-to-app one pins what it calls (llmstack-server.md 4.6). */
export function formatReference(form: ReferenceForm, target: ReferenceTarget): Json {
  const { uuid, publishedUuid, version, inputFields } = target;
  if (form !== "app") return uuid;
  return JSON.stringify({
    promptly_app_uuid: uuid,
    ...(publishedUuid !== undefined && { promptly_app_published_uuid: publishedUuid }),
    ...(version !== undefined && { promptly_app_version: version }),
    ...(inputFields !== undefined && { promptly_app_input_fields: inputFields }),
    input: {},
  });
}

/** The uuid that a value of that form names; undefined when it names none. */
export function parseReference(form: ReferenceForm, value: Json): string | undefined {
  return parseUuid(form === "app" ? calleeOf(value) : value);
}

function calleeOf(value: Json): unknown {
  if (typeof value !== "string") return undefined;
  try {
    const parsed: unknown = JSON.parse(value);
    return isObject(parsed) ? parsed["promptly_app_uuid"] : undefined;
  } catch {
    return undefined;
  }
}
