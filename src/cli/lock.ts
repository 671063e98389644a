import { acquireLock, type Lock } from "../apply/lock.ts";
import type { Client } from "../client/client.ts";
import { SyncError } from "../model/errors.ts";
import { type Check, ok, problem, warning } from "./doctor/check.ts";
import type { Io } from "./io.ts";
import type { Log } from "./log.ts";
import type { OpenServer } from "./server-connection.ts";

/** Without a folder to lock in (a container with a read-only disk) nobody else on this machine has one either. */
export function takeLock(
  { server }: Client,
  { identity }: OpenServer,
  set: string,
  { io, log }: { readonly io: Io; readonly log: Log },
): Lock | undefined {
  try {
    return acquireLock(io.folders.state, nameOf(server.account, identity, set));
  } catch (error) {
    if (!(error instanceof SyncError) || error.class !== "usage") throw error;
    log.warn(`${error.message} Going on without a lock.`, error.remedy === undefined ? {} : { hint: error.remedy });
    return undefined;
  }
}

/** Whether a run could start now. */
export function lockCheck({ server }: Client, { identity }: OpenServer, set: string, io: Io): Check {
  try {
    acquireLock(io.folders.state, nameOf(server.account, identity, set)).release();
    return ok("lock", `free for set ${set}`);
  } catch (error) {
    const { message, hint = "" } = problem("lock", error);
    return warning("lock", message, hint);
  }
}

/** One run at a time per server, account and set (design, "Apply"). */
function nameOf(account: string | undefined, identity: string, set: string): string {
  return `${identity}${account === undefined ? "" : `, account ${account}`}, set ${set}`;
}
