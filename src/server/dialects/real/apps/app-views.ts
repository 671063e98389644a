import { jsonList, jsonText } from "../../../respond.ts";
import { bare, crash, noSuch, ok, serverError } from "../wire/answers.ts";
import { pythonUuid } from "../wire/python-uuid.ts";
import { Exact, isTooWide, type Tree } from "../wire/tree.ts";
import type { RealCall } from "../wire/view.ts";
import { type AppRow, appsOf, deleteApp, findApp, isForOrganization, mayRead, mayWrite } from "./app-row.ts";
import { appText } from "./answer-app.ts";
import { dataOf, type VersionRow, versionsOf } from "./version-row.ts";

/** GET /api/apps and GET /api/apps/<uid>, which are one method of the class. */
export function getApps(call: RealCall): Response {
  const user = call.user();
  if (call.parameter("uid") !== undefined) {
    const row = findApp(call);
    if (!mayRead(call, row, user)) return hidden(call);
    return jsonText(200, appText(call, row, user));
  }
  return jsonText(200, jsonList(appsOf(call, user).map((row) => appText(call, row, user))));
}

/** Published apps of others that are open to the caller, the last changed first (2.1). */
export function getShared(call: RealCall): Response {
  const user = call.user();
  const others = call.accounts.filter(({ username }) => username !== user.username);
  const rows = others.flatMap((account) => appsOf(call, account)).filter((row) => isShared(call, row));
  const newestFirst = rows.toSorted((a, b) => (a.last_updated_at < b.last_updated_at ? 1 : -1));
  return jsonText(200, jsonList(newestFirst.map((row) => appText(call, row, user))));
}

function isShared(call: RealCall, row: AppRow): boolean {
  const user = call.user();
  const isListed = [...row.read_accessible_by, ...row.write_accessible_by].includes(user.email);
  const isInOrganization = call.era.apps.readers === "organisation" && isForOrganization(call, row, user);
  return row.is_published && (isListed || isInOrganization);
}

/** DELETE: 200 without a body; a published app is 500, somebody else's is as if it were not there (2.6). */
export function removeApp(call: RealCall): Response {
  const row = findApp(call);
  if (row.is_published) return serverError();
  if (row.owner !== call.user().username) return bare(404);
  deleteApp(call, row);
  return bare(200);
}

/** GET …/versions and …/versions/<n> (2.8). */
export function getVersions(call: RealCall): Response {
  const row = findApp(call);
  const mayLook = call.era.apps.readers === "lists" ? mayWrite : mayRead;
  if (!mayLook(call, row, call.user())) return hidden(call);
  const versions = versionsOf(call, row.uuid);
  const wanted = call.parameter("version");
  if (wanted === undefined) return ok(versions.toReversed().map((version) => versionOf(row, version, null)));
  const isDraft = wantsDraft(call);
  if (!/^\s*[-+]?\d+\s*$/u.test(wanted)) throw crash();
  const found = versions.find(({ about }) => about.version === Number(wanted) && about.is_draft === isDraft);
  if (found === undefined) return ok({ message: "Version not found" }, 404);
  if (isTooWide(dataOf(found))) throw crash();
  return ok(versionOf(row, found, new Exact(found.dataText)));
}

/** The query goes into a boolean column as it is: `true` is not one of its words. */
function wantsDraft(call: RealCall): boolean {
  const draft = call.query.get("draft");
  if (draft === null) return false;
  if (["True", "t", "1"].includes(draft)) return true;
  if (["False", "f", "0"].includes(draft)) return false;
  throw crash();
}

function versionOf({ uuid }: AppRow, { about }: VersionRow, data: Tree): Tree {
  const { version, created_at, last_updated_at, is_draft, comment } = about;
  return { version, app_uuid: uuid, data, created_at, last_updated_at, is_draft, comment };
}

/** GET /api/app/<published_uuid>: what a visitor of a published app is shown. */
export function getPublished(call: RealCall): Response {
  const uuid = pythonUuid(call.parameter("published_uuid") ?? "");
  const all = call.accounts.flatMap((account) => appsOf(call, account));
  const row = all.find((candidate) => candidate.published_uuid === uuid);
  if (row === undefined) throw noSuch("App");
  if (row.is_published && isOpenTo(call, row)) return jsonText(200, appText(call, row, call.caller));
  if (row.visibility === 1) return ok({ message: "This app is open to its organization only." }, 403);
  if (row.visibility === 0 && call.caller === undefined) return ok({ message: "This app is not open." }, 403);
  return ok({ message: "There is nothing here." }, 404);
}

function isOpenTo(call: RealCall, row: AppRow): boolean {
  const { caller } = call;
  if (row.visibility >= 2) return true;
  return caller !== undefined && (mayRead(call, row, caller) || isForOrganization(call, row, caller));
}

function hidden(call: RealCall): Response {
  if (call.era.apps.foreign === "404") throw noSuch("App");
  return bare(403);
}
