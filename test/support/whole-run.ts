import { apply } from "../../src/apply/apply.ts";
import type { Patience } from "../../src/apply/patience.ts";
import { connect } from "../../src/client/connect.ts";
import { kinds } from "../../src/kinds/index.ts";
import { SyncError } from "../../src/model/errors.ts";
import type { Report } from "../../src/model/outcome.ts";
import { isEmptyPlan, type Plan, type Policy } from "../../src/model/plan.ts";
import { decide, readSoundDesired } from "../../src/pipeline.ts";
import { makePlan } from "../../src/plan/make-plan.ts";
import type { DesiredState } from "../../src/model/resource.ts";
import type { ReferenceServer } from "../../src/server/create-server.ts";
import { openDirectory } from "../../src/source/directory.ts";

/** One `apply` without a process: the real pipeline, the real client, the real server, and waits that suit a test. */
export interface WholeRun {
  readonly plan: Plan | undefined;
  readonly desired: DesiredState;
  readonly report: Report | undefined;
  /** What was thrown; anything but a SyncError is a bug and is thrown on. */
  readonly error: SyncError | undefined;
}

export interface WholeRunOptions {
  readonly policy?: Partial<Policy>;
  readonly env?: Readonly<Record<string, string>>;
  readonly patience?: Partial<Patience>;
  readonly parallelism?: number;
}

const IMPATIENT: Partial<Patience> = { lookForMs: 40, firstPauseMs: 5, longestPauseMs: 10, graceMs: 100 };

export async function wholeRun(
  folder: string,
  server: ReferenceServer,
  options: WholeRunOptions = {},
): Promise<WholeRun> {
  let plan: Plan | undefined;
  let desired: DesiredState = new Map();
  try {
    const decision = await decideOn(folder, server, options);
    ({ plan } = decision);
    ({ desired } = decision.asked);
    const report = await apply(plan, {
      client: decision.client,
      kinds,
      signal: new AbortController().signal,
      parallelism: options.parallelism ?? 4,
      entryTimeoutMs: 2_000,
      now: () => new Date(),
      nonce: () => crypto.randomUUID(),
      onEvent: () => undefined,
      patience: { ...IMPATIENT, ...options.patience },
    });
    return { plan, desired, report, error: undefined };
  } catch (error) {
    if (!(error instanceof SyncError)) throw error;
    return { plan, desired, report: undefined, error };
  }
}

/** A plan and nothing else. */
export async function wholePlan(folder: string, server: ReferenceServer, options: WholeRunOptions = {}): Promise<Plan> {
  return (await decideOn(folder, server, options)).plan;
}

/** What is left to do, one `op key` a line; empty when live is what the manifests ask. */
export function leftToDo(plan: Plan): readonly string[] {
  if (isEmptyPlan(plan)) return [];
  return [
    ...plan.refusals.map(({ rule }) => `refused ${rule}`),
    ...plan.changes.filter(({ op }) => op !== "keep").map(({ op, key }) => `${op} ${key}`),
  ];
}

export const A_POLICY: Policy = {
  set: "team",
  isSetImplicit: false,
  prune: false,
  adopt: false,
  allowReplace: false,
  allowEmpty: false,
  discardDrafts: false,
  only: [],
};

async function decideOn(folder: string, server: ReferenceServer, options: WholeRunOptions) {
  const env = options.env ?? {};
  const source = await openDirectory([folder], { cwd: folder, readStdin: () => Promise.resolve("") });
  const values = {
    env: (name: string) => env[name],
    secretFiles: new Map<string, string>(),
    missingSecrets: "error" as const,
  };
  const connection = {
    url: "http://llmstack.test",
    token: server.token,
    timeoutMs: 5_000,
    retryBudgetMs: 200,
    transport: (request: Request) => server.handle(request),
  };
  return decide(
    {
      readDesired: () => readSoundDesired(source, values),
      connect: async (signal) => ({ client: await connect(connection, signal), serverName: "test" }),
      policy: { ...A_POLICY, ...options.policy },
      makePlan,
      sourceName: source.label,
      parallelism: options.parallelism ?? 4,
    },
    new AbortController().signal,
  );
}
