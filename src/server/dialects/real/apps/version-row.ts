import { crash } from "../wire/answers.ts";
import { isTreeObject, parseTree, type Tree, type TreeObject, writeJsonb } from "../wire/tree.ts";
import type { RealCall } from "../wire/view.ts";

const VERSIONS = "versions";

/** The data of an app at one time. `data` stays text until somebody looks into it. */
export interface VersionRow {
  readonly about: VersionFacts;
  readonly dataText: string;
}

export interface VersionFacts {
  readonly version: number;
  readonly is_draft: boolean;
  readonly comment: string;
  readonly created_at: string;
  readonly last_updated_at: string;
}

/** The oldest first, as they were created; a row that is written again keeps its place. */
export function versionsOf({ store }: Pick<RealCall, "store">, uuid: string): readonly VersionRow[] {
  return store.list(VERSIONS, uuid).map(parseRow);
}

export function newestOf(rows: readonly VersionRow[]): VersionRow | undefined {
  return rows.at(-1);
}

export function draftOf(rows: readonly VersionRow[]): VersionRow | undefined {
  return rows.find(({ about }) => about.is_draft);
}

export function newestLiveOf(rows: readonly VersionRow[]): VersionRow | undefined {
  return rows.findLast(({ about }) => !about.is_draft);
}

/** What a version is made of. */
export interface VersionChange {
  readonly data: TreeObject;
  readonly is_draft: boolean;
  readonly comment: string;
}

/** Throws Answered 500 where somebody was faster with that number: it is unique for an app (2.0, 2.5). */
export function insertVersion(call: RealCall, uuid: string, version: number, change: VersionChange): void {
  const id = `${uuid}/${version}`;
  if (call.store.get(VERSIONS, id) !== undefined) throw crash();
  const now = call.stamp();
  const { data, ...rest } = change;
  const text = rowText({ version, created_at: now, last_updated_at: now, ...rest }, data);
  call.store.insert({ collection: VERSIONS, id, parent: uuid, text });
}

export function rewriteVersion(call: RealCall, uuid: string, row: VersionRow, change: VersionChange): void {
  const { data, ...rest } = change;
  const about = { ...row.about, ...rest, last_updated_at: call.stamp() };
  call.store.replace(VERSIONS, `${uuid}/${row.about.version}`, rowText(about, data));
}

/** What Python sees of the data: an object of the keys of a version. */
export function dataOf({ dataText }: VersionRow): TreeObject {
  const tree: Tree = parseTree(dataText);
  if (!isTreeObject(tree)) throw crash();
  return tree;
}

/** A line of facts, then the data in jsonb order. */
function rowText(about: VersionFacts, data: TreeObject): string {
  return `${JSON.stringify(about)}\n${writeJsonb(data)}`;
}

function parseRow(text: string): VersionRow {
  const end = text.indexOf("\n");
  return { about: JSON.parse(text.slice(0, end)) as VersionFacts, dataText: text.slice(end + 1) };
}
