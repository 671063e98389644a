/** The keys of an app as they are answered at HEAD, in their order (llmstack-server.md 2.4). */
export const APP_KEYS: readonly string[] = [
  "name",
  "description",
  "data",
  "type",
  "uuid",
  "published_uuid",
  "store_uuid",
  "is_published",
  "unique_processors",
  "created_at",
  "last_updated_at",
  "logo",
  "icon",
  "is_shareable",
  "has_footer",
  "domain",
  "visibility",
  "last_modified_by_email",
  "owner_email",
  "web_config",
  "slack_config",
  "discord_config",
  "twilio_config",
  "app_type_name",
  "processors",
  "template",
  "app_type_slug",
  "read_accessible_by",
  "write_accessible_by",
  "has_live_version",
  "access_permission",
];

/** Up to v0.2.5 columns from before there were versions are answered too: stale, never the truth (2.4). */
const LEGACY_KEYS = ["config", "input_schema", "input_ui_schema", "output_template", "accessible_by"];

/** The keys of older releases; `without` are those that came later. */
export function legacyAppKeys(without: readonly string[]): readonly string[] {
  return [...APP_KEYS.filter((key) => !without.includes(key)), ...LEGACY_KEYS];
}

/** The keys of a datasource in every release (5.2). */
export const DATASOURCE_KEYS: readonly string[] = [
  "name",
  "type",
  "uuid",
  "size",
  "created_at",
  "updated_at",
  "visibility",
  "owner_email",
];

/** Added at v0.2.4. */
export const PIPELINE_KEYS: readonly string[] = ["pipeline", "refresh_interval", "has_source", "is_destination_only"];

/** Added at v0.2.6, with the permissions of organisations. */
export const PERMISSION_KEYS: readonly string[] = [
  "has_read_permission",
  "has_write_permission",
  "is_user_owned",
  "access_permission",
];
