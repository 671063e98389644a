import type { FailureClass } from "../../model/errors.ts";
import type { HoldReason } from "../../model/plan.ts";

/** What a reason says beside its words: whether the resource is as it is to be, and whether trying again can help. */
export interface ReasonFacts {
  readonly ready: "True" | "False" | "Unknown";
  /** `stalled`: only a change helps. `retried`: it is tried again by itself. `settled`: there is nothing to do. */
  readonly next: "settled" | "retried" | "stalled";
  /** In one sentence, for people. */
  readonly means: string;
  readonly cure: string;
}

const NOTHING_TO_DO = "Nothing to do.";

/** Every reason that a condition of an App or a Datasource may carry. docs/operator.md lists them all. */
export const REASONS = {
  Synced: ready("The server has what the manifest asks for.", NOTHING_TO_DO),
  Drifted: ready(
    "Somebody changed the live object, and `drift: warn` leaves it so.",
    "Put the change into the manifest, undo it on the server, or say `drift: correct`.",
  ),
  Flapping: stalled(
    "Somebody else changes the same place again after every correction, so it is corrected less and less often.",
    "Stop the other writer, put its change into the manifest, or leave it the place: `driftIgnore`, or `drift: warn`. A new value of `llmstack.ai/reconcile-requested-at` has it corrected at once.",
  ),
  Reconciling: unknown("The resource was not looked at yet, or is being worked on.", "Wait."),
  InvalidSpec: stalled("The manifest cannot be used; the message names the places.", "Correct the manifest."),
  DirectiveNotInCluster: stalled(
    "`$env`, `$file` and globs have no meaning in a cluster.",
    "Apply what `llmstack-sync render` writes, which has ConfigMaps and Secrets in their place.",
  ),
  SecretNotFound: waiting(
    "A Secret that the manifest uses is not there, or has no such key.",
    "Make it; the resource follows by itself.",
  ),
  ConfigMapNotFound: waiting(
    "A ConfigMap that the manifest uses is not there, or has no such key.",
    "Make it; the resource follows by itself.",
  ),
  ServerNotFound: waiting(
    "There is no such Server or ClusterServer, nor one named `default` where none is named.",
    "Make one, or correct `spec.serverRef`.",
  ),
  ServerNotAllowed: stalled(
    "The ClusterServer does not admit this namespace.",
    "Have it listed in `spec.allowedNamespaces` of the ClusterServer, or use a Server of your own.",
  ),
  ServerNotReady: waiting("The Server itself is not ready; its own conditions say why.", "See the Server."),
  ServerUnavailable: {
    ready: "Unknown",
    next: "retried",
    means: "The server does not answer, or fails.",
    cure: "See the Server; everything on it goes on by itself when it is back.",
  },
  ServerChanged: stalled(
    "The resource is bound to another server than the one it resolves to now.",
    "Undo that, or annotate `llmstack.ai/accept-server: <uid of the new one>`: it is made anew there, and what is on the old one stays.",
  ),
  AuthFailed: waiting("The server does not accept the token.", "Put a valid token into the Secret of the Server."),
  Forbidden: waiting("The owner of the token may not do this.", "Use the token of the object's owner."),
  OwnershipConflict: stalled(
    "The live object belongs to another set, another cluster, or an older resource.",
    "Give this one a name of its own, delete the other, or annotate `llmstack.ai/take-over`.",
  ),
  Unmanaged: stalled(
    "An object of this name and type is there and carries no mark.",
    "Say `policies: { adopt: Match }` to take it over, or give the manifest another name.",
  ),
  Ambiguous: stalled("Several live objects could be meant.", "Name the right one with `spec.uuid`."),
  CopyExists: stalled(
    "Several live objects carry one mark, and nothing tells which is the original.",
    "Name the original with `spec.uuid` and delete the others.",
  ),
  ReplaceNeeded: stalled(
    "The change cannot be made in place.",
    "Say `policies: { replace: Allow }`, which makes it anew with another uuid, or undo the change.",
  ),
  MarkImmutable: stalled(
    "The server keeps the mark of the object's creation, so protection and deletion policy cannot change.",
    "Undo the change in the manifest.",
  ),
  Unsupported: stalled("The server has no notion of something that the manifest states.", "Take it out."),
  Unclearable: stalled("The server cannot empty a place once it is filled.", "Keep a value there."),
  DraftWaiting: stalled(
    "Somebody left a draft in LLMStack's editor.",
    "Publish or undo it there, or say `policies: { drafts: Discard }`.",
  ),
  DependencyNotReady: waiting(
    "Something that it refers to is not on the server yet.",
    "Look at that one; this follows by itself.",
  ),
  ConnectionNotFound: waiting("No connection, or more than one, has the name.", "Make it in LLMStack's settings."),
  EntryFailed: waiting("The server could not process an entry.", "See the message; it is tried again."),
  CreateUnknown: waiting(
    "A create was sent and its answer was lost; it is looked for before anything is sent again.",
    "Wait.",
  ),
  Rejected: stalled("The server refused what was sent.", "Correct what the message names."),
  ChangedMeanwhile: waiting("Somebody changed the live object at the same moment.", "Wait; it is looked at again."),
  InternalError: waiting("A bug.", "Please report it, with the message."),
  Protected: stalled(
    "It is to be deleted and is protected from deletion.",
    "Apply it without `llmstack.ai/protect`, or say `deletionPolicy: Orphan` to leave the live object.",
  ),
  ForeignEntries: waiting(
    "It is to be deleted and holds entries of somebody else.",
    "Move them, say `entriesPolicy: Exclusive`, or `deletionPolicy: Orphan`.",
  ),
  Referenced: waiting("It is to be deleted and something still refers to it.", "Delete that first."),
  DeletionBlocked: waiting(
    "It is to be deleted and its server cannot be asked.",
    'Bring the server back, or annotate `llmstack.ai/force-delete: "true"` to leave what is there.',
  ),
  Deleting: unknown("It is being deleted.", "Wait."),
  Suspended: unknown("`spec.suspend` is true: nothing is compared or written.", "Set it to false."),
} as const satisfies Readonly<Record<string, ReasonFacts>>;

export type Reason = keyof typeof REASONS;

export function factsOf(reason: Reason): ReasonFacts {
  return REASONS[reason];
}

/** Why the engine holds something, in the words of conditions. */
export const REASON_OF_HOLD: Readonly<Record<HoldReason, Reason>> = {
  unmanaged: "Unmanaged",
  ambiguous: "Ambiguous",
  owned: "OwnershipConflict",
  copy: "CopyExists",
  "mark-immutable": "MarkImmutable",
  unsupported: "Unsupported",
  unclearable: "Unclearable",
  replace: "ReplaceNeeded",
  protected: "Protected",
  "foreign-entries": "ForeignEntries",
  referenced: "Referenced",
  markless: "Unmanaged",
  draft: "DraftWaiting",
  connection: "ConnectionNotFound",
  "depends-on-held": "DependencyNotReady",
};

/** What a failure of the engine comes to. */
export const REASON_OF_FAILURE: Readonly<Record<FailureClass, Reason>> = {
  usage: "InternalError",
  invalid_manifest: "InvalidSpec",
  auth: "AuthFailed",
  forbidden: "Forbidden",
  refused: "InternalError",
  stale_plan: "ChangedMeanwhile",
  lock_held: "InternalError",
  unreachable: "ServerUnavailable",
  unsupported_server: "ServerNotReady",
  incomplete_read: "ServerUnavailable",
  rejected: "Rejected",
  rate_limited: "ServerUnavailable",
  server_error: "ServerUnavailable",
  ambiguous_write: "CreateUnknown",
  not_found: "ChangedMeanwhile",
  dependency_failed: "DependencyNotReady",
  server_rewrote_value: "Rejected",
  entry_failed: "EntryFailed",
  cancelled: "Reconciling",
  internal: "InternalError",
};

function ready(means: string, cure: string): ReasonFacts {
  return { ready: "True", next: "settled", means, cure };
}

function unknown(means: string, cure: string): ReasonFacts {
  return { ready: "Unknown", next: "retried", means, cure };
}

function waiting(means: string, cure: string): ReasonFacts {
  return { ready: "False", next: "retried", means, cure };
}

function stalled(means: string, cure: string): ReasonFacts {
  return { ready: "False", next: "stalled", means, cure };
}
