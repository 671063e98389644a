import { ApiError, type FailureClass, type SyncError } from "../../model/errors.ts";
import type { Reason } from "../status/reasons.ts";

/** A reason of a Server's Ready condition, and what it means for the resources on it. */
interface ServerFault {
  readonly reason: string;
  readonly forResources: Reason;
}

/** What a failure to reach a server comes to. docs/operator.md lists them. */
const FAULTS: Readonly<Partial<Record<FailureClass, ServerFault>>> = {
  auth: { reason: "AuthFailed", forResources: "AuthFailed" },
  forbidden: { reason: "Forbidden", forResources: "ServerNotReady" },
  not_found: { reason: "SecretNotFound", forResources: "ServerNotReady" },
  invalid_manifest: { reason: "InvalidSpec", forResources: "ServerNotReady" },
  usage: { reason: "InvalidSpec", forResources: "ServerNotReady" },
  unsupported_server: { reason: "Unsupported", forResources: "ServerNotReady" },
};

export function serverFault(error: SyncError): ServerFault {
  // What the server has not is another thing than a Secret that is not there.
  const failure = error instanceof ApiError && error.class === "not_found" ? "unsupported_server" : error.class;
  return FAULTS[failure] ?? { reason: "Unreachable", forResources: "ServerUnavailable" };
}
