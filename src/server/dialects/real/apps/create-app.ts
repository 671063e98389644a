import { isArray } from "../../../../model/json.ts";
import { crash, noSuch } from "../wire/answers.ts";
import { given, givenOr, needed, toBoolean, toText } from "../wire/python.ts";
import { isStorable, isTreeObject, isTruthy, type Tree, type TreeObject } from "../wire/tree.ts";
import type { RealCall } from "../wire/view.ts";
import { answerWritten } from "./answer-app.ts";
import { type AppRow, insertApp } from "./app-row.ts";
import { VOICE_AGENT_INPUT } from "./app-types.ts";
import { readIntegrations } from "./integrations.ts";
import { storeAssistantImage, storeIcon } from "./pictures.ts";
import { publishApp } from "./publish-app.ts";
import { insertVersion } from "./version-row.ts";

const NAME_LIMIT = 100;

/**
 * POST /api/apps. The app's row is written before its data (llmstack-server.md 2.0): what fails in between leaves an
 * orphan behind, and 500.
 */
export async function createApp(call: RealCall): Promise<Response> {
  const owner = call.user();
  const body = await call.body();
  const typeSlug = typeOf(call, body);
  const name = needed(body, "name");
  const description = givenOr(body, "description", "");
  const integrations = readIntegrations(body);
  const templateSlug = given(body, "template_slug") ?? null;
  const now = call.stamp();
  const row: AppRow = {
    uuid: call.uuid(),
    published_uuid: call.uuid(),
    owner: owner.username,
    name: toText(name, NAME_LIMIT),
    type_slug: toText(typeSlug, NAME_LIMIT),
    description: toText(description),
    template_slug: templateSlug === null ? null : toText(templateSlug, NAME_LIMIT),
    is_published: false,
    visibility: 3,
    read_accessible_by: [],
    write_accessible_by: [],
    integrations,
    last_modified_by: null,
    created_at: now,
    last_updated_at: now,
  };
  insertApp(call, row);
  const isDraft = writeFirstVersion(call, row, body, { name, description, type_slug: typeSlug });
  const wantsPublish = call.era.apps.publishOnCreate === "honoured" && isTruthy(given(body, "is_published"));
  if (wantsPublish && !isDraft) publishApp(call, row, body);
  // As it was before it was published.
  return answerWritten(call, row, undefined);
}

/** Everything here happens after the row was written. */
function writeFirstVersion(call: RealCall, row: AppRow, body: TreeObject, names: TreeObject): boolean {
  const config = storeAssistantImage(call, searched(call, givenOr(body, "config", {})), undefined);
  const icon = given(body, "icon") ?? null;
  const keepsIcon = call.era.apps.icon === "stored" && isTruthy(icon);
  const isVoiceAgent = names["type_slug"] === "voice-agent";
  const data = {
    ...names,
    config,
    input_fields: isVoiceAgent ? VOICE_AGENT_INPUT : givenOr(body, "input_fields", []),
    output_template: givenOr(body, "output_template", {}),
    processors: givenOr(body, "processors", []),
    ...(keepsIcon && { icon: storeIcon(call, icon) }),
  };
  const isDraft = toBoolean(givenOr(body, "draft", true));
  const comment = toText(givenOr(body, "comment", "First version"));
  if (!isStorable(data)) throw crash();
  insertVersion(call, row.uuid, 0, { data, is_draft: isDraft, comment });
  return isDraft;
}

/** Where pictures are stored, one is looked for in it: null, a number or a boolean cannot be searched. */
function searched({ era }: RealCall, config: Tree): Tree {
  if (era.apps.image === "as-sent") return config;
  if (typeof config !== "string" && !isArray(config) && !isTreeObject(config)) throw crash();
  return config;
}

/** The type of a new app by the first key that names one (6.3); up to v0.2.5 an unknown one is no row (2.3). */
function typeOf(call: RealCall, body: TreeObject): Tree {
  const { types, typeKeys, unknownType } = call.era.apps;
  const key = typeKeys.find((name) => Object.hasOwn(body, name));
  const value = key === undefined ? null : needed(body, key);
  if (key === "app_type") {
    if (typeof value !== "number" && !(typeof value === "string" && /^\d+$/u.test(value))) throw crash();
    const found = types.find(({ id }) => id === Number(value));
    if (found === undefined) throw noSuch("AppType");
    return found.slug;
  }
  if (unknownType === "poisons") return value;
  const found = types.find(({ slug }) => slug === value);
  if (found === undefined) throw noSuch("AppType");
  return found.slug;
}
