import type { FailureClass } from "../../model/errors.ts";
import type { ReasonFacts } from "../status/reasons.ts";

/** Every reason that a condition of a GitSync may carry. docs/git.md lists them all. */
export const GIT_SYNC_REASONS = {
  Synced: row("True", "settled", "The server matches the revision.", "Nothing to do."),
  Drifted: row(
    "True",
    "settled",
    "Somebody changed live objects, and `drift: warn` leaves them so.",
    "Put the change into the repository, undo it on the server, or say `drift: correct`.",
  ),
  Reconciling: row("Unknown", "retried", "It was not looked at yet, or is being worked on.", "Wait."),
  InvalidSpec: row("False", "stalled", "The GitSync itself cannot be used; the message says why.", "Correct it."),
  InvalidManifests: row(
    "False",
    "stalled",
    "The revision does not validate. Nothing is changed; the last good revision goes on being enforced.",
    "Push a revision that validates: `llmstack-sync validate` says what is wrong.",
  ),
  HistoryRewritten: row(
    "False",
    "stalled",
    "The revision does not continue from the one that was applied last.",
    "Push one that does, annotate `llmstack.ai/accept-commit: <id>`, or say `rewind: follow`.",
  ),
  AwaitingApproval: row(
    "False",
    "stalled",
    "`approval: Manual`: the plan in status waits.",
    "Annotate `llmstack.ai/approve: <status.plan.digest>`, which lets exactly that plan through.",
  ),
  Refused: row(
    "False",
    "stalled",
    "A safety rule or a missing signature forbids it; the message says which.",
    "What the message says.",
  ),
  Held: row("False", "settled", "Everything was done but what the engine holds.", "What the message says."),
  SecretNotFound: row("False", "retried", "A Secret that it names is not there.", "Make it; it follows by itself."),
  FetchFailed: row("False", "retried", "The repository cannot be read.", "What the message says."),
  AuthFailed: row(
    "False",
    "retried",
    "The repository or the server does not accept the credentials.",
    "Correct the Secret.",
  ),
  ServerNotFound: row(
    "False",
    "retried",
    "There is no such Server or ClusterServer.",
    "Make one, or correct `spec.serverRef`.",
  ),
  ServerNotAllowed: row(
    "False",
    "stalled",
    "The ClusterServer does not admit this namespace.",
    "Have it listed there.",
  ),
  ServerNotReady: row("Unknown", "retried", "The Server is not ready; its own conditions say why.", "See the Server."),
  ServerChanged: row(
    "False",
    "stalled",
    "It is bound to another server than the one it resolves to now.",
    "Undo that, or annotate `llmstack.ai/accept-server: <uid of the new one>`.",
  ),
  Failed: row("False", "retried", "Some changes failed; the message names the first.", "It is tried again by itself."),
  InternalError: row("False", "retried", "A bug.", "Please report it, with the message."),
  Suspended: row("Unknown", "settled", "`spec.suspend` is true: nothing is followed or changed.", "Set it to false."),
} as const satisfies Readonly<Record<string, ReasonFacts>>;

export type GitSyncReason = keyof typeof GIT_SYNC_REASONS;

/** What a failure before the first write comes to. */
export const REASON_OF: Readonly<Partial<Record<FailureClass, GitSyncReason>>> = {
  usage: "InvalidSpec",
  invalid_manifest: "InvalidManifests",
  auth: "AuthFailed",
  forbidden: "AuthFailed",
  refused: "Refused",
  not_found: "SecretNotFound",
  internal: "InternalError",
};

function row(ready: ReasonFacts["ready"], next: ReasonFacts["next"], means: string, cure: string): ReasonFacts {
  return { ready, next, means, cure };
}
