import type { Account } from "../account/accounts.ts";
import { sameOrganization } from "../account/accounts.ts";
import { noSuch } from "../wire/answers.ts";
import { pythonUuid } from "../wire/python-uuid.ts";
import type { RealCall } from "../wire/view.ts";

const APPS = "apps";

/** The row of an app. What it does is in its versions (llmstack-server.md 2.0). */
export interface AppRow {
  readonly uuid: string;
  readonly published_uuid: string;
  readonly owner: string;
  readonly name: string;
  /** Fixed at creation, and what the app behaves as; the data has a `type_slug` of its own (2.5). */
  readonly type_slug: string;
  readonly description: string;
  readonly template_slug: string | null;
  readonly is_published: boolean;
  /** 0 private, 1 organisation, 2 unlisted, 3 public (2.7). */
  readonly visibility: number;
  readonly read_accessible_by: readonly string[];
  readonly write_accessible_by: readonly string[];
  readonly integrations: Readonly<Record<string, string>>;
  readonly last_modified_by: string | null;
  readonly created_at: string;
  readonly last_updated_at: string;
}

/** The app that the path names; throws Answered 404, and 500 for what is no uuid. */
export function findApp(call: RealCall): AppRow {
  return appByUuid(call, pythonUuid(call.parameter("uid") ?? "")) ?? missing();
}

export function appByUuid({ store }: Pick<RealCall, "store">, uuid: string): AppRow | undefined {
  const row = store.get(APPS, uuid);
  return row === undefined ? undefined : parseApp(row.text);
}

/** An account's own apps, the newest first; they are listed to nobody else (1.3). */
export function appsOf({ store }: RealCall, owner: Account): readonly AppRow[] {
  return store.list(APPS, owner.username).map(parseApp).toReversed();
}

export function insertApp({ store }: RealCall, row: AppRow): void {
  store.insert({ collection: APPS, id: row.uuid, parent: row.owner, text: JSON.stringify(row) });
}

/** Stores the row with a new date. */
export function saveApp(call: RealCall, row: AppRow): AppRow {
  const saved = { ...row, last_updated_at: call.stamp() };
  call.store.replace(APPS, row.uuid, JSON.stringify(saved));
  return saved;
}

/** Takes its versions along. */
export function deleteApp({ store }: RealCall, { uuid }: AppRow): void {
  store.delete(APPS, uuid);
}

export function ownerOf({ accounts }: RealCall, { owner }: Pick<AppRow, "owner">): Account | undefined {
  return accounts.find(({ username }) => username === owner);
}

export function mayWrite({ era }: RealCall, row: AppRow, user: Account | undefined): boolean {
  if (user === undefined) return false;
  if (row.owner === user.username) return true;
  return (row.is_published || era.apps.readers === "organisation") && row.write_accessible_by.includes(user.email);
}

export function mayRead(call: RealCall, row: AppRow, user: Account): boolean {
  if (mayWrite(call, row, user)) return true;
  const isListed = row.read_accessible_by.includes(user.email);
  if (call.era.apps.readers === "lists") return row.is_published && isListed;
  return isListed || isForOrganization(call, row, user);
}

/** True where somebody shows his app to his organisation, and that is the user's. */
export function isForOrganization(call: RealCall, row: AppRow, user: Account): boolean {
  return row.visibility >= 1 && sameOrganization(ownerOf(call, row), user);
}

function parseApp(text: string): AppRow {
  return JSON.parse(text) as AppRow;
}

function missing(): never {
  throw noSuch("App");
}
