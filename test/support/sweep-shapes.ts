import { isArray, isObject } from "../../src/model/json.ts";

/** The 31 keys of an app at HEAD (llmstack-server.md 2.4). */
const APP =
  "name description data type uuid published_uuid store_uuid is_published unique_processors created_at last_updated_at logo icon is_shareable has_footer domain visibility last_modified_by_email owner_email web_config slack_config discord_config twilio_config app_type_name processors template app_type_slug read_accessible_by write_accessible_by has_live_version access_permission";

/** Up to v0.2.5 (2.4). */
const LEGACY = "config input_schema input_ui_schema output_template accessible_by";

const DATASOURCE = "name type uuid size created_at updated_at visibility owner_email";
const PIPELINE = "pipeline refresh_interval has_source is_destination_only";
const PERMISSIONS = "has_read_permission has_write_permission is_user_owned access_permission";
const ENTRY = "uuid datasource config name size status created_at updated_at";
const BACKEND =
  "id name slug description input_schema output_schema config_schema input_ui_schema output_ui_schema config_ui_schema output_template";
const TYPE = "slug name description config_schema config_ui_schema";

const NEWEST = new Set(["HEAD", "v0.2.6"]);
const SHOWN = new Set([...NEWEST, "v0.2.5"]);
const PIPELINES = new Set([...SHOWN, "v0.2.3", "v0.2.1"]);
const SLUGS = new Set([...PIPELINES, "v0.2.0"]);

/** What is of a release, by the name that rows call it. */
const SHAPES: Readonly<Record<string, (release: string) => string>> = {
  detail: () => "detail",
  message: () => "message",
  errors: () => "errors",
  error: () => "error",
  job: () => "job_id",
  success: () => "success",
  status: () => "status",
  uuid: () => "uuid",
  user: () => "user",
  app: (release) => {
    if (NEWEST.has(release)) return APP;
    if (PIPELINES.has(release)) return `${APP} ${LEGACY}`;
    return `${without(APP, SLUGS.has(release) ? ["icon"] : ["icon", "store_uuid"])} ${LEGACY}`;
  },
  version: () => "version app_uuid data created_at last_updated_at is_draft comment",
  appType: (release) => (NEWEST.has(release) ? TYPE : `id ${TYPE}`),
  datasource: (release) => {
    if (NEWEST.has(release)) return `${DATASOURCE} ${PIPELINE} ${PERMISSIONS}`;
    return SHOWN.has(release) ? `${DATASOURCE} ${PIPELINE}` : DATASOURCE;
  },
  datasourceType: (release) => {
    if (PIPELINES.has(release)) return "slug name description pipeline sync_config is_external_datasource";
    return SLUGS.has(release)
      ? "slug name description input_schema input_ui_schema sync_config is_external_datasource source transformation destination"
      : "id name description entry_config_schema entry_config_ui_schema sync_config is_external_datasource";
  },
  pipelineTemplate: () => "slug name description pipeline is_external_datasource",
  block: () => "slug provider_slug schema ui_schema",
  entry: (release) => (PIPELINES.has(release) ? ENTRY : `${ENTRY} sync_config`),
  text: () => "content metadata",
  urls: () => "urls",
  template: () => "name description slug icon category_slugs provider_slug app",
  wholeTemplate: () => "name description slug icon category_slugs provider_slug app pages",
  backend: (release) =>
    NEWEST.has(release) ? `${BACKEND} provider_slug provider` : `${BACKEND} api_provider api_endpoint params`,
  provider: (release) =>
    NEWEST.has(release) ? "name slug has_processors config_schema config_ui_schema" : "name slug",
  connection: () =>
    "id name description base_connection_type connection_type_slug provider_slug status created_at updated_at configuration created_by _source_uuid",
  run: (release) => (NEWEST.has(release) ? "output chunks session" : "output session _id"),
  view: () => "name description renders parses",
  viewWithFields: () => "name description renders parses actions",
  challenge: () => "challenge",
  type: () => "type",
};

function without(keys: string, dropped: readonly string[]): string {
  return keys
    .split(" ")
    .filter((key) => !dropped.includes(key))
    .join(" ");
}

/** The name of an answer's keys in that release; the keys themselves where nobody gave them one. */
export function shapeOf(value: unknown, release: string): string {
  if (isArray<unknown>(value)) return value.length === 0 ? "[]" : `[${shapeOf(value[0], release)}]`;
  if (!isObject(value)) return value === null ? "null" : typeof value;
  const keys = sorted(Object.keys(value));
  const found = Object.entries(SHAPES).find(([, keysIn]) => sorted(keysIn(release).split(" ")) === keys);
  return found?.[0] ?? `{${keys}}`;
}

function sorted(keys: readonly string[]): string {
  return keys.toSorted().join(" ");
}
