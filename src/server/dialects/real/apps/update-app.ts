import { isArray } from "../../../../model/json.ts";
import type { PatchFacts } from "../era.ts";
import { expandProcessors } from "../processors/expand.ts";
import { bare, crash } from "../wire/answers.ts";
import { given, needed, toBoolean, toText } from "../wire/python.ts";
import { isStorable, isTreeObject, isTruthy, type Tree, type TreeObject } from "../wire/tree.ts";
import type { RealCall } from "../wire/view.ts";
import { answerWritten } from "./answer-app.ts";
import { type AppRow, findApp, mayWrite, saveApp } from "./app-row.ts";
import { readIntegrations } from "./integrations.ts";
import { type Pictures, storeAssistantImage, storeIcon } from "./pictures.ts";
import {
  dataOf,
  draftOf,
  insertVersion,
  newestLiveOf,
  rewriteVersion,
  type VersionRow,
  versionsOf,
} from "./version-row.ts";

const NAME_LIMIT = 100;

/**
 * PATCH /api/apps/<uid>, in the era's way (llmstack-server.md 2.5, 2.10). What it builds on and the number of a new
 * version are read before the body is: of two at a time, one finds its number taken.
 */
export async function updateApp(call: RealCall): Promise<Response> {
  const row = findApp(call);
  const user = call.user();
  if (!mayWrite(row, user)) return bare(403);
  const versions = versionsOf(call, row.uuid);
  const base = baseOf(call.era.patch, versions);
  const version = versions.filter(({ about }) => !about.is_draft).length;
  const body = await call.body();
  const integrations = newIntegrations(call, row, body);
  const pictures: Pictures = { stored: {} };
  const data = newData(call, body, base, pictures);
  const is_draft = toBoolean(Object.hasOwn(body, "draft") ? (body["draft"] ?? null) : true);
  const comment = toText(Object.hasOwn(body, "comment") ? (body["comment"] ?? null) : "");
  if (!isStorable(data)) throw crash();
  const change = { data, is_draft, comment, pictures: pictures.stored };
  const isRewritten = base !== undefined && (base.about.is_draft || call.era.patch.live === "overwritten");
  if (isRewritten) rewriteVersion(call, row.uuid, base, change);
  else insertVersion(call, row.uuid, version, change);
  // The name goes to the app's row last: what it refuses is half applied by then.
  const name = Object.hasOwn(body, "name") ? toText(body["name"] ?? null, NAME_LIMIT) : row.name;
  const saved = saveApp(call, { ...row, name, integrations, last_modified_by: user.username });
  return answerWritten(call, saved, user);
}

function baseOf({ base }: PatchFacts, versions: readonly VersionRow[]): VersionRow | undefined {
  return draftOf(versions) ?? (base === "draft-or-live" ? newestLiveOf(versions) : undefined);
}

/** Wiped by what does not name them in the first era, kept in all others. */
function newIntegrations(call: RealCall, row: AppRow, body: TreeObject): AppRow["integrations"] {
  const set = readIntegrations(body);
  return call.era.patch.base === "defaults" ? set : { ...row.integrations, ...set };
}

const DEFAULTS: TreeObject = {
  description: "",
  config: {},
  input_fields: [],
  output_template: {},
  processors: [],
};

function newData(call: RealCall, body: TreeObject, base: VersionRow | undefined, pictures: Pictures): TreeObject {
  const { era } = call;
  const old = era.patch.base === "defaults" ? DEFAULTS : base && dataOf(base);
  const keep = (key: string): Tree => (Object.hasOwn(body, key) ? (body[key] ?? null) : needed(old ?? {}, key));
  const name = era.patch.base === "defaults" ? needed(body, "name") : keep("name");
  const type = Object.hasOwn(body, "type_slug") ? (body["type_slug"] ?? null) : typeSlug(base);
  const processors = newProcessors(call, body, old);
  const config = storeAssistantImage(call, newConfig(era.patch, body, old), base && old?.["config"], pictures);
  return {
    name,
    type_slug: type,
    description: keep("description"),
    config,
    input_fields: keep("input_fields"),
    output_template: keep("output_template"),
    processors,
    ...(era.apps.icon === "stored" && { icon: newIcon(call, body, old) }),
  };
}

function typeSlug(base: VersionRow | undefined): Tree {
  return needed(base === undefined ? {} : dataOf(base), "type_slug");
}

function newConfig({ emptyConfig }: PatchFacts, body: TreeObject, old: TreeObject | undefined): Tree {
  const config = given(body, "config");
  const replaces = emptyConfig === "replaces" ? Object.hasOwn(body, "config") : isTruthy(config);
  return replaces ? (config ?? null) : needed(old ?? {}, "config");
}

/** Null where it was never set: every PATCH adds the key (2.5). */
function newIcon(call: RealCall, body: TreeObject, old: TreeObject | undefined): Tree {
  return Object.hasOwn(body, "icon") ? storeIcon(call, body["icon"] ?? null) : (old?.["icon"] ?? null);
}

/** None or an empty list keeps the old ones; what has no length at all is a TypeError. */
function newProcessors(call: RealCall, body: TreeObject, old: TreeObject | undefined): Tree {
  const sent = Object.hasOwn(body, "processors") ? (body["processors"] ?? null) : [];
  if (typeof sent !== "string" && !isArray(sent) && !isTreeObject(sent)) throw crash();
  if (!isTruthy(sent)) return needed(old ?? {}, "processors");
  if (call.era.patch.processors === "verbatim" || !isArray<Tree>(sent)) return sent;
  return expandProcessors(sent, call.era.processors);
}
