import { type Account, sameOrganization } from "../account/accounts.ts";
import { Answered, bare, crash, members, noSuch } from "../wire/answers.ts";
import { pythonUuid } from "../wire/python-uuid.ts";
import { Exact, isTooWide, isTreeObject, parseTree, type Tree, writeJsonb } from "../wire/tree.ts";
import type { RealCall } from "../wire/view.ts";
import { typeItem } from "./templates.ts";

const DATASOURCES = "datasources";

/** The row of a datasource; nothing but its refresh interval ever changes (llmstack-server.md 5.4). */
export interface DatasourceRow {
  readonly uuid: string;
  readonly name: string;
  readonly owner: string;
  /** Null is what a body gave, and is answered as `custom` (5.2). */
  readonly type_slug: string | null;
  readonly visibility: number;
  readonly size: number;
  /** JSON text in jsonb order. */
  readonly pipeline: string;
  readonly refresh_interval: string | null;
  readonly created_at: string;
  readonly updated_at: string;
}

/** The datasource that the path names, for a reader: 404 for others, JSON or empty by the era (1.2). */
export function findReadable(call: RealCall): DatasourceRow {
  const row = findRow(call);
  if (mayRead(call, row, call.user())) return row;
  throw call.era.data.access === "owner" ? noSuch("DataSource") : new Answered(bare(404));
}

/** The datasource that the path names, for a writer: 403 without a body for others (1.2). */
export function findWritable(call: RealCall): DatasourceRow {
  const row = findRow(call);
  if (row.owner === call.user().username) return row;
  throw call.era.data.access === "owner" ? noSuch("DataSource") : new Answered(bare(403));
}

function findRow(call: RealCall): DatasourceRow {
  const found = datasourceByUuid(call, pythonUuid(call.parameter("uid") ?? ""));
  if (found === undefined) throw noSuch("DataSource");
  return found;
}

export function datasourceByUuid({ store }: Pick<RealCall, "store">, uuid: string): DatasourceRow | undefined {
  const row = store.get(DATASOURCES, uuid);
  return row === undefined ? undefined : parseRow(row.text);
}

export function mayRead(call: RealCall, row: DatasourceRow, user: Account): boolean {
  if (row.owner === user.username) return true;
  return call.era.data.access === "organisation" && row.visibility >= 1 && sameOrganization(ownerOf(call, row), user);
}

/**
 * An account's own, the last changed first, then those its organisation sees: its own among them a second time
 * (llmstack-server.md 1.3).
 */
export function listDatasources(call: RealCall, user: Account): readonly DatasourceRow[] {
  const own = datasourcesOf(call, user);
  if (call.era.data.access === "owner" || user.organization === undefined) return own;
  return [...own, ...organizationDatasources(call, user)];
}

export function organizationDatasources(call: RealCall, user: Account): readonly DatasourceRow[] {
  const colleagues = call.accounts.filter((account) => sameOrganization(account, user));
  const rows = colleagues.flatMap((account) => datasourcesOf(call, account));
  return newestFirst(rows.filter(({ visibility }) => visibility >= 1));
}

export function datasourcesOf({ store }: Pick<RealCall, "store">, { username }: Account): readonly DatasourceRow[] {
  return newestFirst(store.list(DATASOURCES, username).map(parseRow));
}

export function insertDatasource({ store }: Pick<RealCall, "store">, row: DatasourceRow): void {
  store.insert({ collection: DATASOURCES, id: row.uuid, parent: row.owner, text: JSON.stringify(row) });
}

export function saveDatasource(call: RealCall, row: DatasourceRow): DatasourceRow {
  const saved = { ...row, updated_at: call.stamp() };
  call.store.replace(DATASOURCES, row.uuid, JSON.stringify(saved));
  return saved;
}

/** Takes its entries along. */
export function dropDatasource({ store }: RealCall, { uuid }: DatasourceRow): void {
  store.delete(DATASOURCES, uuid);
}

/** A datasource as answered. Throws Answered 500 for a null pipeline, where its columns are served (5.2). */
export function datasourceText(call: RealCall, row: DatasourceRow): string {
  return members(call.era.data.keys.map((key) => [key, COLUMNS[key]?.({ call, row }) ?? null]));
}

interface Shown {
  readonly call: RealCall;
  readonly row: DatasourceRow;
}

const COLUMNS: Readonly<Record<string, (shown: Shown) => Tree>> = {
  name: ({ row }) => row.name,
  type: typeOf,
  uuid: ({ row }) => row.uuid,
  size: ({ row }) => row.size,
  created_at: ({ row }) => row.created_at,
  updated_at: ({ row }) => row.updated_at,
  visibility: ({ row }) => row.visibility,
  owner_email: ({ call, row }) => ownerOf(call, row)?.email ?? "",
  pipeline: ({ row }) => withoutSourceData(row.pipeline),
  refresh_interval: ({ row }) => row.refresh_interval,
  has_source: ({ row }) => hasBlock(row, "source"),
  is_destination_only: ({ row }) => hasBlock(row, "destination") && !hasBlock(row, "source"),
  has_read_permission: ({ call, row }) => mayRead(call, row, call.user()),
  has_write_permission: ({ call, row }) => row.owner === call.user().username,
  is_user_owned: ({ call, row }) => row.owner === call.user().username,
  access_permission: ({ call, row }) => (row.owner === call.user().username ? 1 : 0),
};

function typeOf({ call, row }: Shown): Tree {
  const { create, templates } = call.era.data;
  if (create !== "pipeline") {
    const template = templates.find(({ slug }) => slug === row.type_slug);
    return template === undefined ? null : typeItem(create, template);
  }
  if (row.type_slug === null || row.type_slug === "") return { slug: "custom", name: "Custom" };
  return { slug: row.type_slug, name: row.type_slug };
}

/** What the source was made with is never shown; every other block is, hosts and connections in clear (5.2). */
function withoutSourceData(text: string): Tree {
  const pipeline = parseTree(text);
  if (isTooWide(pipeline)) throw crash();
  const source = isTreeObject(pipeline) ? pipeline["source"] : undefined;
  if (!isTreeObject(pipeline) || !isTreeObject(source)) return new Exact(text);
  return new Exact(writeJsonb({ ...pipeline, source: { ...source, data: {} } }));
}

function hasBlock({ pipeline: text }: DatasourceRow, name: "source" | "destination"): boolean {
  const pipeline = parseTree(text);
  if (!isTreeObject(pipeline)) throw crash();
  const block = pipeline[name];
  return isTreeObject(block) && block["slug"] !== undefined && block["slug"] !== null;
}

function ownerOf({ accounts }: RealCall, { owner }: DatasourceRow): Account | undefined {
  return accounts.find(({ username }) => username === owner);
}

function newestFirst(rows: readonly DatasourceRow[]): readonly DatasourceRow[] {
  return rows.toSorted((a, b) => (a.updated_at < b.updated_at ? 1 : -1));
}

function parseRow(text: string): DatasourceRow {
  return JSON.parse(text) as DatasourceRow;
}
