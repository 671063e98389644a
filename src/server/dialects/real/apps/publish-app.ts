import { isArray } from "../../../../model/json.ts";
import type { Account } from "../account/accounts.ts";
import { bare, crash } from "../wire/answers.ts";
import { given } from "../wire/python.ts";
import { isTreeObject, type Tree, type TreeObject } from "../wire/tree.ts";
import type { RealCall } from "../wire/view.ts";
import { type AppRow, findApp, mayWrite, ownerOf, saveApp } from "./app-row.ts";

/** At most so many addresses are kept (llmstack-server.md 2.7). */
const MOST_READERS = 20;

/** POST …/publish: 200 without a body, also where a value was ignored (2.7). */
export async function publish(call: RealCall): Promise<Response> {
  const row = findApp(call);
  const user = call.user();
  if (!mayPublish(call, row, user)) return bare(403);
  publishApp(call, row, await call.body());
  return bare(200);
}

/** POST …/unpublish: its owner only; visibility and lists stay (2.7). */
export function unpublish(call: RealCall): Response {
  const row = findApp(call);
  if (row.owner !== call.user().username) return bare(403);
  saveApp(call, { ...row, is_published: false });
  return bare(200);
}

/** Publishes with what of the body is right; the rest is ignored without a word. Does not touch the versions. */
export function publishApp(call: RealCall, row: AppRow, body: TreeObject): AppRow {
  const visibility = given(body, "visibility");
  return saveApp(call, {
    ...row,
    visibility: isGranted(call, row, visibility) ? visibility : row.visibility,
    read_accessible_by: addresses(body, "read_accessible_by") ?? row.read_accessible_by,
    write_accessible_by: addresses(body, "write_accessible_by") ?? row.write_accessible_by,
    is_published: true,
  });
}

function mayPublish(call: RealCall, row: AppRow, user: Account): boolean {
  return call.era.apps.publishedBy === "writers" ? mayWrite(call, row, user) : row.owner === user.username;
}

/** A JSON integer that a flag grants; an organisation must be there to publish to it. */
function isGranted(call: RealCall, row: AppRow, value: Tree | undefined): value is number {
  if (typeof value !== "number" || ![0, 1, 2, 3].includes(value)) return false;
  return value !== 1 || ownerOf(call, row)?.organization !== undefined;
}

function addresses(body: TreeObject, key: string): readonly string[] | undefined {
  const value = given(body, key);
  if (value === undefined) return undefined;
  return iterate(value).filter(isAddress).slice(0, MOST_READERS);
}

/** Python goes through letters and keys too; null and numbers have nothing to go through. */
function iterate(value: Tree): readonly Tree[] {
  if (isArray<Tree>(value)) return value;
  if (typeof value === "string") return Array.from(value);
  if (isTreeObject(value)) return Object.keys(value);
  throw crash();
}

function isAddress(value: Tree): value is string {
  return typeof value === "string" && /^[^\s@"<>]+@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/iu.test(value);
}
