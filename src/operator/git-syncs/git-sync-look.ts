import { jittered } from "../../kube/backoff.ts";
import { annotationOf, generationOf, type KubeObject, namespaceOf } from "../../kube/kube-object.ts";
import { NAMESPACE } from "../../kube/resource-type.ts";
import { SyncError } from "../../model/errors.ts";
import { afterRun, type FollowState, type NextRun, nextRun, type Occasion } from "../../follow/next-run.ts";
import type { Look } from "../../follow/pollers.ts";
import { judgeMove, type MoveVerdict } from "../../follow/rewind.ts";
import { isAncestor } from "../../source/git/ancestry.ts";
import type { RemoteRefs } from "../../source/git/remote-refs.ts";
import type { GitSetup } from "../../source/git/setup.ts";
import type { Next, ReconcileContext } from "../controller.ts";
import { bindingProblem } from "../resources/binding.ts";
import type { Deps } from "../resources/operator-deps.ts";
import { RECONCILE_REQUESTED } from "../resources/settle.ts";
import type { ServerConnection } from "../servers/server-connection.ts";
import { doneIn } from "../status/change-events.ts";
import { conditionIn, shortened } from "../status/conditions.ts";
import { factsIn } from "../status/facts.ts";
import type { Followers } from "./followers.ts";
import type { WithGitAccess } from "./git-access.ts";
import { type GitSyncMemory, isOfRevision, memoryFrom } from "./git-sync-memory.ts";
import type { GitSyncSpec } from "./git-sync-spec.ts";
import { driftMessage, type GitSyncFacts, type GitSyncVerdict, revisionText } from "./git-sync-status.ts";
import { judgeFailure, judgeRun, type Judged } from "./judge-run.ts";
import { factsOfRun } from "./run-facts.ts";
import { GIT_SYNC } from "./git-sync-type.ts";
import { type GitSyncRun, runGitSync } from "./run-git-sync.ts";
import { settleGitSync } from "./settle-git-sync.ts";
import { tipOf } from "./tip.ts";

const APPROVE = "llmstack.ai/approve";
const ACCEPT_COMMIT = "llmstack.ai/accept-commit";
const ACCEPT_SERVER = "llmstack.ai/accept-server";

/** How often a revision is compared with the server while nothing moves. */
const RESYNC_MS = 600_000;
const MOST_EVENTS = 50;

/** What reconcilers of GitSyncs need beside what all need. */
export interface GitSyncDeps extends Deps {
  readonly followers: Followers;
  find(namespace: string, name: string): KubeObject | undefined;
  readonly withAccess: WithGitAccess;
  /** Has it looked at again soon. */
  recall(object: KubeObject): void;
}

/** A GitSync while it is looked at. */
interface Visit {
  readonly object: KubeObject;
  readonly spec: GitSyncSpec;
  readonly facts: GitSyncFacts;
  readonly context: ReconcileContext;
}

type Doing = Exclude<NextRun, { readonly do: "nothing" }>;

/** One look at one GitSync. */
export class GitSyncLook {
  readonly #visit: Visit;
  readonly #memories: Map<string, GitSyncMemory>;
  readonly #deps: GitSyncDeps;

  constructor(visit: Visit, memories: Map<string, GitSyncMemory>, deps: GitSyncDeps) {
    this.#visit = visit;
    this.#memories = memories;
    this.#deps = deps;
  }

  async run(): Promise<Next> {
    const { object, spec } = this.#visit;
    const { followers, cluster, registry } = this.#deps;
    const { uid } = object.metadata;
    if (spec.isSuspended) {
      followers.stop(uid);
      return this.#settle({ reason: "Suspended", message: "spec.suspend is true." });
    }
    const look = followers.follow(uid, {
      spec,
      namespace: namespaceOf(object),
      request: annotationOf(object, RECONCILE_REQUESTED),
      onLook: () => this.#deps.recall(object),
    });
    const found = cluster.serverOf(object);
    if (found.server === undefined)
      return this.#settle({ reason: reasonOfServer(found.reason), message: found.message });
    const state = registry.stateOf(found.server);
    if (state.is === "broken") {
      const { reason, message } = state.verdict;
      return this.#settle({ reason: reasonOfServer(reason), message });
    }
    // Both call back: the server when it was asked, the repository when it was looked at.
    if (state.is === "unknown" || look === undefined) return { next: "done" };
    const changed = bindingProblem({ object, facts: factsIn(object["status"]) }, state.connection.binding);
    if (changed !== undefined) return this.#settle({ reason: "ServerChanged", message: changed });
    return this.#act(look, state.connection);
  }

  async #act(look: Look<RemoteRefs>, connection: ServerConnection): Promise<Next> {
    const { spec } = this.#visit;
    const tip = tipOf(spec.address, look);
    const memory = this.#memory();
    const occasion = occasionOf(memory);
    const state = occasion === "enforce" && spec.approval === "Manual" ? withoutAttempt(memory.state) : memory.state;
    const next = nextRun(state, "position" in tip ? tip.position : undefined, occasion);
    const trouble = "failure" in tip ? judgeFailure(tip.failure, "the repository").verdict : undefined;
    const observed = "position" in tip ? { observed: revisionText(tip.position) } : {};
    if (next.do === "nothing") {
      return trouble === undefined ? soon(memory) : this.#settle(trouble, observed);
    }
    const { judged, facts } = await this.#carryOut(next, memory, connection);
    if (judged.verdict.reason === "Synced") this.#deps.serverMetrics.synced(GIT_SYNC.kind, connection.label);
    // What is live is right, but nobody knows whether it is still what the branch stands for.
    const verdict = trouble !== undefined && judged.tried === "settled" ? trouble : judged.verdict;
    const after = await this.#settle(verdict, { ...observed, ...facts, server: connection.binding });
    return after.next === "failed" ? after : { next: "after", ms: jittered(RESYNC_MS) };
  }

  async #carryOut(
    next: Doing,
    memory: GitSyncMemory,
    connection: ServerConnection,
  ): Promise<{ readonly judged: Judged; readonly facts: Partial<GitSyncFacts> }> {
    const { object, facts: before } = this.#visit;
    const revision = revisionText(next.position);
    const { judged, run } = await this.#tryOut(next, memory, connection);
    const state = next.do === "enforce" ? memory.state : afterRun(memory.state, next.position, judged.tried);
    this.#memories.set(object.metadata.uid, { ...memory, state, ranAt: performance.now() });
    if (run !== undefined) this.#tell(run, next.do);
    const now = new Date().toISOString();
    return { judged, facts: factsOfRun({ what: next.do, revision, judged, run, before, now }) };
  }

  async #tryOut(
    next: Doing,
    { state }: GitSyncMemory,
    connection: ServerConnection,
  ): Promise<{ readonly judged: Judged; readonly run?: GitSyncRun }> {
    const { object, spec, context } = this.#visit;
    const revision = revisionText(next.position);
    try {
      return await this.#deps.withAccess(spec, namespaceOf(object), context.signal, async (git) => {
        const move = next.do === "advance" ? await this.#judge(state, next, git) : undefined;
        if (move?.verdict === "refused") return { judged: rewritten(move.why, next.position.commit) };
        const run = await this.#runOn(next, git, connection);
        return { judged: judgeRun(run, revision), run };
      });
    } catch (error) {
      context.signal.throwIfAborted();
      return { judged: judgeFailure(error, revision) };
    }
  }

  async #judge({ applied }: FollowState, { position }: Doing, git: GitSetup): Promise<MoveVerdict> {
    const { object, spec, context } = this.#visit;
    const accepted = annotationOf(object, ACCEPT_COMMIT);
    return judgeMove({
      from: applied,
      to: position,
      policy: spec.rewind,
      ...(accepted !== undefined && { accepted }),
      isAncestor: (older, newer) => isAncestor(older, newer, spec.address, git, context.signal),
    });
  }

  async #runOn(next: Doing, git: GitSetup, connection: ServerConnection): Promise<GitSyncRun> {
    const { object, spec, context } = this.#visit;
    const { commit } = next.position;
    const namespace = namespaceOf(object);
    const { url, path } = spec.address;
    const { verify: _, ...unverified } = git;
    // What is enforced was verified when it was applied, and may not be what the branch stands for any more.
    const isEnforced = next.do === "enforce";
    return runGitSync(
      isEnforced ? { url, path, commit } : { ...spec.address, commit },
      {
        kube: this.#deps.runtime.kube,
        namespace,
        name: object.metadata.name,
        spec,
        set: spec.set ?? (await this.#ownSet(namespace)),
        git: isEnforced ? unverified : git,
        connection,
        approved: spec.approval === "Automatic" ? "everything" : { digest: annotationOf(object, APPROVE) },
      },
      context.signal,
    );
  }

  /** Not remembered: a namespace that was made anew is another one. */
  async #ownSet(namespace: string): Promise<string> {
    const { object, context } = this.#visit;
    const found = await this.#deps.runtime.kube.get(NAMESPACE, { name: namespace }, context.signal);
    if (found === undefined) throw new SyncError("not_found", `There is no namespace ${namespace}.`);
    return `k8s:${found.metadata.uid}/gitsync/${object.metadata.name}`;
  }

  /** What was tried counts as long as nobody asks anew, and as nothing beside it stood in the way. */
  #memory(): GitSyncMemory {
    const { object, facts } = this.#visit;
    const asked = askedOf(object);
    const reason = conditionIn(object["status"], "Ready")?.["reason"];
    const told = typeof reason === "string" ? reason : undefined;
    const isHandled =
      facts.observedGeneration === generationOf(object) &&
      facts.handledRequest === annotationOf(object, RECONCILE_REQUESTED);
    const memory = this.#memories.get(object.metadata.uid) ?? memoryFrom(facts, told, isHandled ? asked : "");
    const isStanding = memory.asked === asked && (told === undefined || isOfRevision(told));
    return isStanding ? memory : { ...memory, state: withoutAttempt(memory.state), asked };
  }

  #tell({ report, drifted }: GitSyncRun, what: Doing["do"]): void {
    const { object } = this.#visit;
    const before = conditionIn(object["status"], "Drifted")?.["message"];
    if (drifted.length > 0 && before !== shortened(driftMessage(drifted))) {
      const [reason, message] = ["DriftDetected", driftMessage(drifted)];
      this.#deps.runtime.events.record({ regarding: object, type: "Warning", reason, message, action: "compare" });
    }
    if (report === undefined) return;
    const done = doneIn(report.outcomes, what === "enforce" ? "drift" : "wanted");
    for (const { reason, message, op } of done.slice(0, MOST_EVENTS)) {
      this.#deps.runtime.events.record({ regarding: object, type: "Normal", reason, message, action: op });
    }
  }

  async #settle(verdict: GitSyncVerdict, facts: Partial<GitSyncFacts> = {}): Promise<Next> {
    const { object, facts: before, context } = this.#visit;
    return settleGitSync({ object, facts: { ...before, ...facts }, context }, verdict, this.#deps);
  }
}

function occasionOf({ state, ranAt }: GitSyncMemory): Occasion {
  if (state.attempted?.tried === "failed") return "retry";
  // Jitter may have called a little early.
  return ranAt === undefined || performance.now() - ranAt >= RESYNC_MS * 0.8 ? "enforce" : "moved";
}

function withoutAttempt({ applied }: FollowState): FollowState {
  return applied === undefined ? {} : { applied };
}

function soon({ ranAt = performance.now() }: GitSyncMemory): Next {
  return { next: "after", ms: Math.max(1_000, jittered(RESYNC_MS) - (performance.now() - ranAt)) };
}

function rewritten(why: string, commit: string): Judged {
  const message = `${why}. Annotate ${ACCEPT_COMMIT}: ${commit} to accept it.`;
  return { tried: "refused", verdict: { reason: "HistoryRewritten", message } };
}

/** Everything that a person can say to it without pushing. */
function askedOf(object: KubeObject): string {
  const notes = [RECONCILE_REQUESTED, APPROVE, ACCEPT_COMMIT, ACCEPT_SERVER].map((name) => annotationOf(object, name));
  return JSON.stringify([generationOf(object), ...notes.map((note) => note ?? null)]);
}

function reasonOfServer(reason: string): GitSyncVerdict["reason"] {
  if (reason === "ServerNotFound" || reason === "ServerNotAllowed" || reason === "AuthFailed") return reason;
  return "ServerNotReady";
}
