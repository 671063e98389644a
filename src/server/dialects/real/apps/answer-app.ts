import { isArray } from "../../../../model/json.ts";
import { jsonText } from "../../../respond.ts";
import type { Account } from "../account/accounts.ts";
import { crash, members } from "../wire/answers.ts";
import { Exact, isTooWide, isTreeObject, type Tree, type TreeObject, writeTree } from "../wire/tree.ts";
import type { RealCall } from "../wire/view.ts";
import { type AppRow, mayWrite, ownerOf } from "./app-row.ts";
import { templateBySlug } from "./app-templates.ts";
import { serializeType } from "./app-types.ts";
import { INTEGRATION_KEYS, integrationOf } from "./integrations.ts";
import { dataOf, newestOf, type VersionRow, versionsOf } from "./version-row.ts";

/** An app on its way out. A column is computed when it is asked for, and only then may it fail (2.3, 2.4). */
interface Shown {
  readonly call: RealCall;
  readonly row: AppRow;
  /** May be nobody: a POST is answered so. */
  readonly user: Account | undefined;
  readonly canWrite: boolean;
  versions(): readonly VersionRow[];
  /** The newest data as it is answered; undefined where there is none. */
  data(): TreeObject | undefined;
}

/** An app with the columns that `?fields=` names, all of them without it. Throws Answered 500 for a poisoned row. */
export function appText(call: RealCall, row: AppRow, user: Account | undefined): string {
  const fields = call.query.get("fields");
  const wanted = fields === null || fields === "" ? undefined : new Set(fields.split(","));
  const keys = call.era.apps.keys.filter((key) => wanted === undefined || wanted.has(key));
  return columnsText(show(call, row, user), keys);
}

/** The whole app after a write, which knows no `?fields=`; a POST is answered to nobody (2.3). */
export function answerWritten(call: RealCall, row: AppRow, user: Account | undefined): Response {
  return jsonText(201, columnsText(show(call, row, user), call.era.apps.keys));
}

function columnsText(shown: Shown, keys: readonly string[]): string {
  return members(keys.map((key) => [key, COLUMNS[key]?.(shown) ?? null]));
}

function show(call: RealCall, row: AppRow, user: Account | undefined): Shown {
  let versions: readonly VersionRow[] | undefined;
  let data: TreeObject | undefined;
  const all = (): readonly VersionRow[] => (versions ??= versionsOf(call, row.uuid));
  return {
    call,
    row,
    user,
    canWrite: mayWrite(call, row, user),
    versions: all,
    data: () => {
      const newest = newestOf(all());
      return newest === undefined ? undefined : (data ??= dataOf(newest));
    },
  };
}

type Column = (shown: Shown) => Tree;

const forWriters =
  (column: (shown: Shown) => Tree): Column =>
  (shown) =>
    shown.canWrite ? column(shown) : null;

const COLUMNS: Readonly<Record<string, Column>> = {
  name: ({ row }) => row.name,
  description,
  data: dataColumn,
  type: (shown) => serializeType(typeOf(shown), shown.call.era.routes.appTypes === "served" ? "told" : "untold"),
  uuid: ({ row }) => row.uuid,
  published_uuid: ({ row }) => row.published_uuid,
  store_uuid: () => null,
  is_published: ({ row }) => row.is_published,
  unique_processors: uniqueProcessors,
  created_at: ({ row }) => row.created_at,
  last_updated_at: ({ row }) => row.last_updated_at,
  logo: () => null,
  icon,
  is_shareable: ({ call, row }) => ownerOf(call, row)?.organization === undefined,
  has_footer: ({ call, row }) => ownerOf(call, row)?.organization === undefined,
  domain: () => null,
  visibility: forWriters(({ row }) => row.visibility),
  last_modified_by_email: forWriters(({ call, row }) => emailOf(call, row.last_modified_by)),
  owner_email: forWriters(({ call, row }) => emailOf(call, row.owner)),
  ...Object.fromEntries(
    INTEGRATION_KEYS.map((key) => [key, forWriters(({ row }) => integrationOf(row.integrations, key))]),
  ),
  app_type_name: (shown) => typeOf(shown).name,
  processors: (shown) => (shown.call.era.apps.legacyProcessors === "null" && shown.data() !== undefined ? null : []),
  template: ({ row }) => templateBySlug(row.template_slug),
  app_type_slug: ({ row }) => row.type_slug,
  read_accessible_by: forWriters(({ row }) => row.read_accessible_by),
  write_accessible_by: forWriters(({ row }) => row.write_accessible_by),
  has_live_version: (shown) => shown.versions().some(({ about }) => !about.is_draft),
  access_permission: ({ canWrite }) => (canWrite ? 1 : 0),
  // Columns of the time before versions: stale, never the truth (2.4).
  config: () => ({}),
  input_schema: () => ({}),
  input_ui_schema: () => ({}),
  output_template: () => null,
  accessible_by: forWriters(() => []),
};

/** The newest data with its version; the processors are for writers alone (2.4). */
function dataColumn(shown: Shown): Tree {
  const newest = newestOf(shown.versions());
  if (newest === undefined) return null;
  const isInjected = shown.call.era.apps.dataVersion === "injected";
  const version = newest.about.version;
  if (shown.canWrite && !/\d{19}/u.test(newest.dataText)) {
    return new Exact(isInjected ? `${newest.dataText.slice(0, -1)},"version":${version}}` : newest.dataText);
  }
  const { processors, ...rest } = shown.data() ?? {};
  const data = shown.canWrite && processors !== undefined ? { ...rest, processors } : rest;
  if (isTooWide(data)) throw crash();
  return isInjected ? { ...data, version } : data;
}

function description(shown: Shown): Tree {
  if (shown.call.era.apps.description === "of-creation") return shown.row.description;
  const data = shown.data();
  if (data === undefined) throw crash();
  return Object.hasOwn(data, "description") ? (data["description"] ?? null) : shown.row.description;
}

function icon(shown: Shown): Tree {
  const data = shown.data();
  if (data === undefined) return null;
  if (isTooWide(data)) throw crash();
  return data["icon"] ?? null;
}

function uniqueProcessors(shown: Shown): Tree {
  if (!shown.canWrite) return [];
  const processors = shown.data()?.["processors"];
  if (!isArray<Tree>(processors)) throw crash();
  const names = processors.flatMap((processor) => {
    if (!isTreeObject(processor)) throw crash();
    const { provider_slug: provider, processor_slug: slug } = processor;
    return provider === undefined || slug === undefined ? [] : [`${textOf(provider)} / ${textOf(slug)}`];
  });
  return [...new Set(names)];
}

function textOf(value: Tree): string {
  return typeof value === "string" ? value : writeTree(value);
}

function typeOf({ call, row }: Shown): RealCall["era"]["apps"]["types"][number] {
  const found = call.era.apps.types.find(({ slug }) => slug === row.type_slug);
  if (found === undefined) throw crash();
  return found;
}

function emailOf({ accounts }: RealCall, username: string | null): string | null {
  return accounts.find((account) => account.username === username)?.email ?? null;
}
