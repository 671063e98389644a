import { SyncError } from "../model/errors.ts";
import { type Hint, HINTS } from "../model/hints.ts";

/**
 * The address of a server, path prefix included. Throws SyncError `usage` for what is no http(s) address, and for one
 * that holds a user or password, a query, a fragment, or ends in /api; nothing of a password is repeated.
 */
export function parseServerUrl(text: string): URL {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:")) {
    throw bad(`the server's address must start with http:// or https://${url === null ? "" : `, not ${url.protocol}`}`);
  }
  if (url.username !== "" || url.password !== "") {
    throw bad("the server's address holds a user or a password", HINTS.addressWithPassword);
  }
  if (url.search !== "" || url.hash !== "") {
    throw bad(`the server's address ${url.origin}${url.pathname} goes on with a query or fragment`, {
      remedy: "Leave it out.",
    });
  }
  if (/\/api\/*$/u.test(url.pathname)) {
    throw bad(`the server's address ${url.href} ends in /api`, {
      remedy: "Leave /api out: it is added to every request.",
    });
  }
  return url;
}

/** The address without slashes at its end, for putting paths behind it. */
export function baseOf({ origin, pathname }: URL): string {
  return origin + pathname.replace(/\/+$/u, "");
}

function bad(message: string, hint: Hint = HINTS.address): SyncError {
  return new SyncError("usage", message, hint);
}
