import type { Connection } from "../../client/connect.ts";
import { ApiError, SyncError, type FailureClass } from "../../model/errors.ts";
import { type Check, ok, problem } from "./check.ts";

/** What is wrong where no client could be made: how far it came, and what the answer means. */
export function unconnectedChecks(error: unknown, { connection, label }: Failing): readonly Check[] {
  if (!(error instanceof SyncError)) throw error;
  if (error instanceof ApiError && error.status === 400) {
    return [reached(label), problem("host header", hostRefused(error, connection))];
  }
  const name = NAMES[error.class] ?? "reachable";
  const isAnswered = name !== "server" && (error instanceof ApiError ? error.status > 0 : name === "dialect");
  return isAnswered && name !== "reachable" ? [reached(label), problem(name, error)] : [problem(name, error)];
}

interface Failing {
  readonly connection: Connection;
  readonly label: string;
}

const NAMES: Partial<Record<FailureClass, string>> = {
  auth: "token",
  forbidden: "token",
  unsupported_server: "dialect",
  usage: "server",
};

function reached(label: string): Check {
  return ok("reachable", label);
}

/** Django answers 400 to every path under a name that it does not know (llmstack-server.md 1.2). */
function hostRefused(error: ApiError, { url, hostHeader }: Connection): SyncError {
  const name = hostHeader ?? new URL(url).host;
  return new SyncError(error.class, `the server does not know itself as ${JSON.stringify(name)}: ${error.message}`, {
    cause: error,
    remedy: `Send a name that it knows with --host-header NAME, or add ${JSON.stringify(name.replace(/:\d+$/u, ""))} to its ALLOWED_HOSTS.`,
  });
}
