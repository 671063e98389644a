import { isArray } from "../../../../model/json.ts";
import type { PatchFacts } from "../era.ts";
import { expandProcessors } from "../processors/expand.ts";
import { bare, crash } from "../wire/answers.ts";
import { given, givenOr, needed, toBoolean, toText } from "../wire/python.ts";
import { isStorable, isTreeObject, isTruthy, type Tree, type TreeObject } from "../wire/tree.ts";
import type { RealCall } from "../wire/view.ts";
import { answerWritten } from "./answer-app.ts";
import { type AppRow, findApp, mayWrite, saveApp } from "./app-row.ts";
import { readIntegrations } from "./integrations.ts";
import { storeAssistantImage, storeIcon } from "./pictures.ts";
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
  if (!mayWrite(call, row, user)) return bare(403);
  const versions = versionsOf(call, row.uuid);
  const base = baseOf(call.era.patch, versions);
  const version = versions.filter(({ about }) => !about.is_draft).length;
  const body = await call.body();
  const integrations = newIntegrations(call, row, body);
  const data = newData(call, body, { base, old: oldData(call.era.patch, row, base) });
  const is_draft = toBoolean(givenOr(body, "draft", true));
  const comment = toText(givenOr(body, "comment", ""));
  if (!isStorable(data)) throw crash();
  const change = { data, is_draft, comment };
  const isRewritten = base !== undefined && (base.about.is_draft || call.era.patch.live === "overwritten");
  if (isRewritten) rewriteVersion(call, row.uuid, base, change);
  else insertVersion(call, row.uuid, version, change);
  // The name goes to the app's row last: what it refuses is half applied by then.
  const name = Object.hasOwn(body, "name") ? toText(needed(body, "name"), NAME_LIMIT) : row.name;
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

/** No name: it must be given. */
const DEFAULTS: TreeObject = {
  description: "",
  config: {},
  input_fields: [],
  output_template: {},
  processors: [],
};

/** What keys that are not in the body are taken from: undefined where there is nothing to take them from. */
function oldData({ base: rule }: PatchFacts, row: AppRow, base: VersionRow | undefined): TreeObject | undefined {
  if (rule === "defaults") return { ...DEFAULTS, type_slug: row.type_slug };
  return base === undefined ? undefined : dataOf(base);
}

interface Before {
  readonly base: VersionRow | undefined;
  readonly old: TreeObject | undefined;
}

function newData(call: RealCall, body: TreeObject, { base, old }: Before): TreeObject {
  const { era } = call;
  const keep = (key: string): Tree => needed(Object.hasOwn(body, key) ? body : (old ?? {}), key);
  const processors = newProcessors(call, body, old);
  const oldConfig = base === undefined ? undefined : old?.["config"];
  const config = storeAssistantImage(call, newConfig(era.patch, body, old), oldConfig);
  return {
    name: keep("name"),
    type_slug: keep("type_slug"),
    description: keep("description"),
    config,
    input_fields: keep("input_fields"),
    output_template: keep("output_template"),
    processors,
    ...(era.apps.icon === "stored" && { icon: newIcon(call, body, old) }),
  };
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
  const sent = givenOr(body, "processors", []);
  if (typeof sent !== "string" && !isArray(sent) && !isTreeObject(sent)) throw crash();
  if (!isTruthy(sent)) return needed(old ?? {}, "processors");
  if (call.era.patch.processors === "verbatim" || !isArray<Tree>(sent)) return sent;
  return expandProcessors(sent, call.era.processors);
}
