import { isArray, isObject, type Json, type JsonObject, own } from "../../../../model/json.ts";
import type { LiveResource } from "../../../../model/live.ts";
import type { Publish } from "../../../../model/resource.ts";
import { UnexpectedShape } from "../../../http.ts";
import { type Item, named, objectOf, textOf, uuidOf, withoutMark } from "../../../wire-values.ts";
import { INTEGRATIONS, isBlank } from "../server-values.ts";
import { VISIBILITIES } from "./visibility.ts";

/**
 * What is asked of an app. `description`, `type`, `app_type_name` and `unique_processors` are left out: one broken row
 * makes a list with one of them fail for good (llmstack-server.md 2.3).
 */
const COLUMNS = [
  "uuid",
  "published_uuid",
  "name",
  "app_type_slug",
  "is_published",
  "visibility",
  "read_accessible_by",
  "write_accessible_by",
  "has_live_version",
  "created_at",
  "last_updated_at",
  "data",
  ...INTEGRATIONS,
];

export const APP_FIELDS = `fields=${COLUMNS.join(",")}`;

/** Everything that a row can break, and what LLMStack's own editor asks for. Without `type`: it fails as its name does. */
export const FRAGILE_FIELDS = `${APP_FIELDS},description,icon,app_type_name,unique_processors`;

/** Without anything that a row can break. */
export const SAFE_FIELDS = "fields=uuid,name,app_type_slug,is_published,has_live_version";

/** The whole of what a version holds (llmstack-server.md 2.0); the rest of an answer's data is the server's. */
const DEFINITION = ["description", "icon", "config", "input_fields", "output_template", "processors"];

/** An app as real servers answer it (llmstack-server.md 2.4). Throws UnexpectedShape. */
export function parseApp(answer: Json): LiveResource {
  const item = objectOf(answer);
  const data = dataOf(item);
  const name = textOf(item, "name");
  const type = typeOf(item, data);
  const { document, mark } = withoutMark({ name, type_slug: type, ...definitionOf(data), ...integrationsOf(item) });
  const version = own(data, "version");
  const hasLiveVersion = own(item, "has_live_version");
  const publishedUuid = own(item, "published_uuid");
  return {
    kind: "App",
    uuid: uuidOf(item),
    name,
    type,
    document,
    ...(mark !== undefined && { mark }),
    isOwned: true,
    createdAt: textOf(item, "created_at"),
    updatedAt: textOf(item, "last_updated_at"),
    publish: publishOf(item),
    ...(typeof publishedUuid === "string" && { publishedUuid }),
    ...(typeof hasLiveVersion === "boolean" && { hasLiveVersion }),
    ...(typeof version === "number" && { version }),
  };
}

/** What a version holds, in the words of manifests; the name and the type are the app's to tell. */
export function definitionOf(data: Item): JsonObject {
  return Object.fromEntries(
    DEFINITION.flatMap((key) => {
      const value = own(data, key) ?? null;
      return value === null ? [] : [[key, value] as const];
    }),
  );
}

/** Integrations that somebody has set. */
export function integrationsOf(item: Item): JsonObject {
  return Object.fromEntries(
    [...INTEGRATIONS].flatMap((key) => {
      const value = own(item, key);
      const isSet = isObject(value) && Object.values(value).some((member) => !isBlank(member));
      return isSet ? [[key, value] as const] : [];
    }),
  );
}

/** A row whose create failed half-way has no data at all. */
function dataOf(item: Item): Item {
  const data = own(item, "data") ?? {};
  if (!isObject(data)) throw new UnexpectedShape(`${named(item)} has \`data\` that is no object`);
  return data;
}

/** The type that counts never changes; the one in the data may say something else (llmstack-server.md 2.5). */
function typeOf(item: Item, data: Item): string {
  const type = own(item, "app_type_slug") ?? own(data, "type_slug");
  return typeof type === "string" ? type : "";
}

function publishOf(item: Item): Publish {
  const isPublished = own(item, "is_published");
  const visibility = VISIBILITIES.find(([, number]) => number === own(item, "visibility"));
  const readers = textsOf(own(item, "read_accessible_by"));
  const writers = textsOf(own(item, "write_accessible_by"));
  return {
    ...(typeof isPublished === "boolean" && { state: isPublished ? "Published" : "Unpublished" }),
    ...(visibility !== undefined && { visibility: visibility[0] }),
    ...(readers !== undefined && { readers }),
    ...(writers !== undefined && { writers }),
  };
}

function textsOf(value: Json | undefined): readonly string[] | undefined {
  return isArray<Json>(value) ? value.filter((item) => typeof item === "string") : undefined;
}
