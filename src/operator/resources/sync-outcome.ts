import { KubeError } from "../../kube/kube-error.ts";
import { ApiError, type FailureClass, SyncError } from "../../model/errors.ts";
import type { Change } from "../../model/plan.ts";
import type { Pointer } from "../../model/pointer.ts";
import type { Done } from "../status/change-events.ts";
import { type Verdict, verdictOfError } from "../status/verdict.ts";
import type { UsedRef } from "./used-ref.ts";

/** What a run comes to for one resource. */
export interface SyncOutcome {
  readonly verdict: Verdict;
  readonly refs: readonly UsedRef[];
  readonly uuid?: string;
  /** True where this run made the live object. */
  readonly isCreated?: true;
  /** When the live object was made, where it was there already. */
  readonly createdAt?: string;
  readonly digest?: string;
  /** What somebody changed on the server, and stays so. */
  readonly drift?: { readonly paths: readonly Pointer[]; readonly changes: readonly Change[] };
  readonly done: readonly Done[];
  /** The places of what was done, where nothing else was asked for than the last time. */
  readonly corrected?: readonly Pointer[];
  /** True for a failure that every resource on the server would meet. */
  readonly isOfServer: boolean;
}

/** Failures that are the server's, or of the way to it, and not of what was sent. */
const OF_SERVER: ReadonlySet<FailureClass> = new Set(["unreachable", "auth"]);

export function isOfServer(failure: FailureClass | undefined): boolean {
  return failure !== undefined && OF_SERVER.has(failure);
}

/** Of a run that came to nothing. Throws what has nothing to do with the server. */
export function failedOutcome(error: unknown): SyncOutcome {
  if (isOfKubernetes(error)) throw error;
  // Whatever kept the whole run from its lists would keep the next one too.
  const isTrouble = error instanceof ApiError || (error instanceof SyncError && isOfServer(error.class));
  return { verdict: verdictOfError(error), refs: [], done: [], isOfServer: isTrouble };
}

/** Troubles of the Kubernetes API that pass: no server is to blame for them, and no status could tell of them. */
export function isOfKubernetes(error: unknown): boolean {
  return error instanceof KubeError && error.isRetryable && error.status !== 403;
}
