import { SyncError } from "../model/errors.ts";

/** A session as a part of an address: `..` there would make it another one. Throws SyncError `usage` for such. */
export function checkedSession(session: string): string {
  if (/^[\w:@-][\w:@.-]*$/u.test(session)) return encodeURIComponent(session);
  throw new SyncError("usage", `${JSON.stringify(session)} cannot be a session`, {
    remedy: "A session is named with letters, digits, - and _; leave it out to get a new one.",
  });
}
