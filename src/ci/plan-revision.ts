import { withDecision, type Session } from "../cli/decide.ts";
import { readValues } from "../cli/manifest-input.ts";
import { makePlan } from "../plan/make-plan.ts";
import type { Values } from "../pipeline.ts";
import { allowedEnv } from "./allowed-env.ts";
import type { CiRun } from "./ci-run.ts";
import { type ReadRevision, readRevision, requireSound } from "./read-revision.ts";
import type { RevisionSource } from "./revisions.ts";

/** What directives of manifests may take from a job: what the base revision allows. */
export async function ciValues(
  { settings, invocation: { io } }: CiRun,
  missingSecrets: Values["missingSecrets"],
): Promise<Values> {
  const values = await readValues(settings, io, missingSecrets);
  return { ...values, env: allowedEnv(io.env, settings.allowedEnv) };
}

interface PlanOptions {
  readonly lock: "taken" | "none";
  readonly versionReads?: "everywhere";
}

/** A decision, with what was read for it. */
export interface CiSession extends Session {
  readonly read: ReadRevision;
}

/** Plans a revision against the live server, and hands the plan to `use` before server and lock are let go of. */
export async function planRevision<T>(
  run: CiRun,
  source: RevisionSource,
  { lock, versionReads }: PlanOptions,
  use: (session: CiSession) => Promise<T>,
): Promise<T> {
  const { invocation, settings, policy } = run;
  const values = await ciValues(run, "error");
  const read = readRevision(source, values);
  // Awaited within the decision; until then a failure there must not look unhandled.
  read.catch(() => undefined);
  const saved = {
    policy,
    sourceName: source.label,
    revision: source.revision,
    read: async () => {
      const revision = await read;
      requireSound(revision);
      return revision;
    },
  };
  return withDecision(
    invocation,
    { lock, makePlan, saved, settings, ...(versionReads !== undefined && { versionReads }) },
    async (session) => use({ ...session, read: await read }),
  );
}
