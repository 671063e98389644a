import type { Account } from "./accounts.ts";

/** Who is logged in with a cookie. Forgotten when the server stops. */
export interface Sessions {
  open(account: Account, id: string): void;
  find(cookies: string | null): Account | undefined;
}

export function createSessions(): Sessions {
  const sessions = new Map<string, Account>();
  return {
    open: (account, id) => void sessions.set(id, account),
    find: (cookies) => {
      const id = /(?:^|;\s*)sessionid=([^;]*)/u.exec(cookies ?? "")?.[1];
      return id === undefined ? undefined : sessions.get(id);
    },
  };
}

/** A session counts before a token, and then every write needs the CSRF token too (llmstack-server.md 1.5). */
export function lacksCsrfToken(request: Request): boolean {
  if (["GET", "HEAD", "OPTIONS", "TRACE"].includes(request.method)) return false;
  const cookie = /(?:^|;\s*)csrftoken=([^;]*)/u.exec(request.headers.get("cookie") ?? "")?.[1];
  return cookie === undefined || request.headers.get("x-csrftoken") !== cookie;
}
