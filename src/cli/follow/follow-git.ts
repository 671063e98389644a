import { join } from "node:path";
import { type Memory, memoryIn } from "../../follow/memory.ts";
import { afterRun, type FollowState, nextRun, type Position, type Tried } from "../../follow/next-run.ts";
import { nextLookMs } from "../../follow/pace.ts";
import { Pollers } from "../../follow/pollers.ts";
import { judgeMove } from "../../follow/rewind.ts";
import { ApiError, SyncError } from "../../model/errors.ts";
import { formatGitAddress, type GitAddress } from "../../source/git/address.ts";
import { isAncestor } from "../../source/git/ancestry.ts";
import { listRemote } from "../../source/git/remote.ts";
import { chooseRef, type RemoteRefs } from "../../source/git/remote-refs.ts";
import type { GitSetup } from "../../source/git/setup.ts";
import type { Invocation } from "../command-row.ts";
import { EXIT } from "../exit-codes.ts";
import * as options from "../options/follow.ts";
import { set } from "../options/server.ts";
import type { OpenServer } from "../server-connection.ts";
import type { Settings } from "../settings.ts";
import { applyOnce, triedBy } from "./apply-once.ts";
import { type Appointments, Occasions } from "./occasions.ts";
import { openWebhooks } from "./webhooks.ts";

const DEFAULT_INTERVAL_MS = 5 * 60_000;
const DEFAULT_RESYNC_MS = 10 * 60_000;
const LEAST_INTERVAL_MS = 30_000;
const LEAST_GAP_MS = 2_000;

interface Setup {
  readonly address: GitAddress;
  readonly git: GitSetup;
  readonly server: OpenServer;
  readonly settings: Settings;
  readonly invocation: Invocation;
}

/** Applies what an address in Git stands for, and again whenever that moves, until it is stopped: exit 0, or 130 amid a run. */
export async function followGit(setup: Setup): Promise<number> {
  const { address, git, invocation } = setup;
  const { flags, io, log } = invocation;
  const occasions = new Occasions<RemoteRefs>();
  const pollers = new Pollers<GitAddress, RemoteRefs>({
    leastGapMs: LEAST_GAP_MS,
    random: () => Math.random(),
    retryAfterMs,
  });
  const intervalMs = intervalOf(flags.get(options.pollInterval), address);
  const following = pollers.follow({
    key: address.url,
    subject: address,
    intervalMs,
    look: (addresses, signal) => listRemote(addresses, git, signal),
    onLook: occasions.onLook,
  });
  try {
    const webhooks = await openWebhooks(invocation, { url: address.url, wake: () => following.wake() });
    log.info(`Following ${formatGitAddress(address)}; Ctrl-C ends it.`);
    try {
      return await new Follower(setup, occasions).run(io.stop);
    } finally {
      await webhooks?.close();
    }
  } finally {
    following.stop();
  }
}

/** Forges answer everybody: who asks them too often is turned away. */
function intervalOf(asked: number | undefined, { url }: GitAddress): number {
  if (asked === undefined || asked >= LEAST_INTERVAL_MS || url.startsWith("file:")) return asked ?? DEFAULT_INTERVAL_MS;
  throw new SyncError("usage", "--interval is less than 30s", {
    remedy: "Forges turn away who asks that often. --webhook-listen makes it look at once when something was pushed.",
  });
}

class Follower {
  readonly #setup: Setup;
  readonly #occasions: Occasions<RemoteRefs>;
  readonly #memory: Memory;
  #state: FollowState = {};
  #tip: Position | undefined;
  #failures = 0;
  #retryAt: number | undefined;
  #enforceAt: number | undefined;
  #lastTrouble: string | undefined;

  constructor(setup: Setup, occasions: Occasions<RemoteRefs>) {
    this.#setup = setup;
    this.#occasions = occasions;
    const { address, server, settings, invocation } = setup;
    const identity = [formatGitAddress(address), server.identity, settings.get(set) ?? "default"];
    this.#memory = memoryIn(join(invocation.io.folders.state, "follow"), identity);
  }

  async run(stop: AbortSignal): Promise<number> {
    const applied = await this.#memory.recall();
    if (applied !== undefined) this.#state = { applied };
    for (;;) {
      const next = await this.#occasions.next(this.#appointments(), stop);
      if (next === undefined) return EXIT.ok;
      if (next.occasion === "moved") this.#see(next.look);
      const exitCode = await this.#act(next.occasion);
      if (stop.aborted) return exitCode === EXIT.ok ? EXIT.ok : EXIT.interrupted;
    }
  }

  /** A look in between does not put off what is due. */
  #appointments(): Appointments {
    const now = performance.now();
    return {
      ...(this.#retryAt !== undefined && { retryMs: Math.max(0, this.#retryAt - now) }),
      ...(this.#enforceAt !== undefined && { enforceMs: Math.max(0, this.#enforceAt - now) }),
    };
  }

  #appoint(tried: Tried): void {
    const resync = this.#setup.invocation.flags.get(options.resync) ?? DEFAULT_RESYNC_MS;
    const inMs = (intervalMs: number, failures: number): number =>
      performance.now() + nextLookMs({ intervalMs, failures, random: Math.random() });
    this.#failures = tried === "failed" ? this.#failures + 1 : 0;
    this.#retryAt = tried === "failed" ? inMs(0, this.#failures) : undefined;
    this.#enforceAt = resync === "never" ? undefined : inMs(resync, 0);
    if (this.#retryAt === undefined) return;
    const seconds = Math.ceil((this.#retryAt - performance.now()) / 1000);
    this.#setup.invocation.log.info(`Trying again in ${seconds} s, or when the branch moves.`);
  }

  /** A repository that cannot be looked at is told of once, and so is that it can be again. */
  #see(look: { readonly found: RemoteRefs } | { readonly failure: unknown }): void {
    const { address, invocation } = this.#setup;
    try {
      if ("failure" in look) throw look.failure;
      const { name, commit } = chooseRef(address, look.found);
      this.#tip = { ref: name, commit };
      invocation.log.debug(`Looked: ${name} is at ${commit}.`);
      if (this.#lastTrouble !== undefined) invocation.log.info("The repository can be looked at again.");
      this.#lastTrouble = undefined;
    } catch (error) {
      if (!(error instanceof SyncError)) throw error;
      // The very first look: a slip in the address or the credentials is not mended by waiting.
      if (this.#tip === undefined && this.#state.applied === undefined && !error.isRetryable) throw error;
      if (this.#lastTrouble !== error.message) {
        invocation.log.warn(error.message, { ...(error.remedy !== undefined && { hint: error.remedy }) });
        invocation.log.info("It is looked at again, less and less often up to every half an hour.");
      }
      this.#lastTrouble = error.message;
    }
  }

  async #act(occasion: "moved" | "retry" | "enforce"): Promise<number> {
    const next = nextRun(this.#state, this.#tip, occasion);
    if (next.do === "nothing") return EXIT.ok;
    if (next.do === "advance" && !(await this.#mayAdvance(next.position))) {
      this.#state = afterRun(this.#state, next.position, "refused");
      return EXIT.ok;
    }
    return this.#carryOut(next.position, next.do);
  }

  async #mayAdvance(to: Position): Promise<boolean> {
    const { address, git, invocation } = this.#setup;
    const { flags, io, log } = invocation;
    const accepted = flags.get(options.acceptCommit);
    const verdict = await judgeMove({
      from: this.#state.applied,
      to,
      policy: flags.get(options.rewind) ?? "refuse",
      ...(accepted !== undefined && { accepted }),
      isAncestor: (older, newer) => isAncestor(older, newer, address, git, io.stop),
    });
    if (verdict.verdict === "go") return true;
    log.error(`${to.ref} is not followed: ${verdict.why}.`, {
      hint: `Look at it, then start with --accept-commit ${to.commit}; --rewind follow accepts every rewind.`,
    });
    return false;
  }

  async #carryOut(position: Position, why: "advance" | "retry" | "enforce"): Promise<number> {
    const { address, git, server, invocation } = this.#setup;
    const { url, path } = address;
    // What is enforced may not be what the branch stands at any more.
    const pinned = why === "enforce" ? { url, path, commit: position.commit } : { ...address, commit: position.commit };
    const applied = await applyOnce({ ...invocation, args: [formatGitAddress(pinned)] }, { server, gitUser: git.user });
    const tried = triedBy(applied);
    this.#appoint(tried);
    if (why !== "enforce") this.#state = afterRun(this.#state, position, tried);
    if (tried === "settled") await this.#memory.remember(position);
    return applied.exitCode;
  }
}

function retryAfterMs(failure: unknown): number | undefined {
  return failure instanceof ApiError ? failure.retryAfterMs : undefined;
}
