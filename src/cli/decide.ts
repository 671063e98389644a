import type { Lock } from "../apply/lock.ts";
import type { Client } from "../client/client.ts";
import { connect } from "../client/connect.ts";
import { SyncError } from "../model/errors.ts";
import type { Policy } from "../model/plan.ts";
import { type Asked, type Connected, decide, type DecideSetup, type Decision, readSoundDesired } from "../pipeline.ts";
import type { GitSetup } from "../source/git/setup.ts";
import type { Invocation } from "./command-row.ts";
import { given } from "./given.ts";
import { namedPaths, openManifests, readValues } from "./manifest-input.ts";
import { takeLock } from "./lock.ts";
import { verifyLive } from "./options/changes.ts";
import * as options from "./options/server.ts";
import { policyOf } from "./policy.ts";
import { type OpenServer, openServer } from "./server-connection.ts";
import { loadSettings, type Settings } from "./settings.ts";
import { problemsText } from "./show-problems.ts";

/** How one command decides. */
export interface DecideOptions {
  /** Writers hold the lock of server, account and set from before the first read. */
  readonly lock: "taken" | "none";
  readonly makePlan: DecideSetup["makePlan"];
  /** Absent: as --verify-live says. */
  readonly versionReads?: DecideSetup["versionReads"];
  /** In place of what the command line says: a saved plan brings its own. */
  readonly saved?: SavedInput;
  /** In place of those that are found from where the command stands. */
  readonly settings?: Settings;
  /** A server that outlives this run, in place of one that is opened and closed with it. */
  readonly server?: OpenServer;
  /** Whose git configuration and agent addresses are read with; absent: those of who runs it. */
  readonly gitUser?: GitSetup["user"];
}

export interface SavedInput {
  readonly policy: Policy;
  readonly sourceName: string;
  readonly revision?: string;
  readonly tree?: string;
  read(): Promise<Asked>;
}

/** One run of the engine: both sides are read, nothing is written yet. */
export interface Session extends Decision {
  readonly settings: Settings;
  readonly parallelism: number;
  /** What a saved plan names as its manifests; empty where it is carried out from one. */
  readonly paths: readonly string[];
}

/** Reads both sides, decides, and hands the decision to `use`; lock and server are let go of afterwards. */
export async function withDecision<T>(
  invocation: Invocation,
  { lock, makePlan, versionReads, saved, settings: known, server: kept, gitUser = "person" }: DecideOptions,
  use: (session: Session) => Promise<T>,
): Promise<T> {
  const { flags, io, progress } = invocation;
  const settings = known ?? (await loadSettings(invocation));
  const policy = saved?.policy ?? policyOf(settings, flags);
  const manifests: Manifests =
    saved === undefined ? await manifestsOf(invocation, settings, gitUser) : { ...saved, paths: [] };
  const parallelism = settings.get(options.parallelism) ?? DEFAULT_PARALLELISM;
  const server = new HeldServer(invocation, settings, kept);
  try {
    progress.show("Reading manifests and server…");
    const decision = await decide(
      {
        readDesired: () => manifests.read(),
        connect: (signal) => server.connect(lock === "taken" ? policy.set : undefined, signal),
        policy,
        makePlan,
        sourceName: manifests.sourceName,
        ...given("revision", manifests.revision),
        ...given("tree", manifests.tree),
        parallelism,
        versionReads: versionReads ?? (flags.isOn(verifyLive) ? "everywhere" : "where-needed"),
      },
      io.stop,
    );
    progress.clear();
    return await use({ ...decision, settings, parallelism, paths: manifests.paths });
  } finally {
    server.release();
  }
}

export const DEFAULT_PARALLELISM = 10;

interface Manifests extends Pick<DecideSetup, "sourceName" | "revision" | "tree"> {
  /** What a saved plan names as its manifests. */
  readonly paths: readonly string[];
  read(): Promise<Asked>;
}

async function manifestsOf(invocation: Invocation, settings: Settings, gitUser: GitSetup["user"]): Promise<Manifests> {
  const named = namedPaths(invocation, settings);
  const [{ source, ...from }, values] = await Promise.all([
    openManifests(named, { settings, invocation, wrongPath: "refused", gitUser }),
    readValues(settings, invocation.io, "error"),
  ]);
  return {
    sourceName: source.label,
    ...from,
    read: async () => {
      const asked = await readSoundDesired(source, values);
      const warnings = asked.problems.filter(({ severity }) => severity === "warning");
      if (warnings.length > 0 && invocation.level !== "quiet") {
        invocation.io.stderr.write(problemsText({ problems: warnings, files: source.files }, invocation.io.stderr));
      }
      return asked;
    },
  };
}

/** What a run holds on to until it ends: the lock, and the server where it is in this process. */
class HeldServer {
  readonly #invocation: Invocation;
  readonly #settings: Settings;
  readonly #kept: OpenServer | undefined;
  #opened: OpenServer | undefined;
  #lock: Lock | undefined;

  constructor(invocation: Invocation, settings: Settings, kept: OpenServer | undefined) {
    this.#kept = kept;
    this.#invocation = invocation;
    this.#settings = settings;
  }

  async connect(lockedSet: string | undefined, signal: AbortSignal): Promise<Connected> {
    const { log } = this.#invocation;
    const server = this.#kept ?? (await this.#open());
    const client = await connect(server.connection, signal);
    // What was given up meanwhile must not leave a lock behind.
    signal.throwIfAborted();
    requireAccount(client, this.#settings, this.#invocation);
    log.debug(`Connected to ${server.label}: dialect ${client.server.dialect}, ${client.server.recognisedBy}.`);
    if (lockedSet !== undefined) this.#lock = takeLock(client, server, lockedSet, this.#invocation);
    return { client, serverName: server.label };
  }

  release(): void {
    this.#lock?.release();
    this.#opened?.close();
  }

  async #open(): Promise<OpenServer> {
    const { flags, io, log } = this.#invocation;
    this.#opened = await openServer({ settings: this.#settings, flags, io, log });
    return this.#opened;
  }
}

/** A context may say whose token it must be (design, "Safety" 7). */
function requireAccount({ server }: Client, settings: Settings, { log }: Invocation): void {
  const wanted = settings.find(options.account);
  if (wanted === undefined || server.account === wanted.value) return;
  if (server.account === undefined) {
    log.warn(`the server does not tell whose token it is, so that it is ${wanted.value}'s was not checked`);
    return;
  }
  throw new SyncError("refused", `the token is ${server.account}'s, and ${wanted.place} says account ${wanted.value}`, {
    remedy: `Use the token of ${wanted.value}, or change account in ${wanted.place}.`,
  });
}
