import { checkToken } from "../../../auth.ts";
import type { JsonObject } from "../../../../model/json.ts";

/** Somebody with a token on a real server. Foreign objects are those of another account. */
export interface Account {
  readonly username: string;
  readonly email: string;
  readonly token: string;
  readonly password: string;
  readonly isActive: boolean;
  /** Accounts with the same name here are of one organisation. */
  readonly organization: string | undefined;
  readonly connections: readonly JsonObject[];
  readonly datasources: readonly SeededDatasource[];
}

/** Only `username` must be told. */
export interface AccountOptions extends Partial<Omit<Account, "organization">> {
  readonly username: string;
  readonly organization?: string;
}

/** A datasource that is there from the start: no request can give one a visibility (llmstack-server.md 5.4). */
export interface SeededDatasource {
  readonly uuid: string;
  readonly name: string;
  readonly type_slug: string;
  /** 0 private, 1 organisation. */
  readonly visibility: number;
}

/** The accounts of a server; the first one's token is the server's. Without any, `admin` is made (1.4). */
export function accountsOf(options: readonly AccountOptions[] | undefined, token: string): readonly Account[] {
  const [first = { username: "admin" }, ...others] = options ?? [];
  return [accountOf(first, token), ...others.map((other) => accountOf(other, `${token}-${other.username}`))];
}

function accountOf(options: AccountOptions, token: string): Account {
  const usual = { email: "", password: "promptly", isActive: true, connections: [], datasources: [] };
  return { ...usual, organization: undefined, token, ...options };
}

/** Whose token a header holds, or the sentence it is refused with (llmstack-server.md 1.1). */
export type Authenticate = (header: string | null) => Account | string;

export function authenticator(accounts: readonly Account[]): Authenticate {
  const checks = accounts.map((account) => ({ account, check: checkToken(account.token) }));
  return (header) => {
    let says = "";
    for (const { account, check } of checks) {
      says = check(header) ?? "";
      if (says === "") return account.isActive ? account : "User inactive or deleted.";
    }
    return says;
  };
}

export function sameOrganization(a: Account | undefined, b: Account | undefined): boolean {
  return a?.organization !== undefined && a.organization === b?.organization;
}
