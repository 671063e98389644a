import { SyncError } from "../../model/errors.ts";
import type { JsonObject } from "../../model/json.ts";
import type { Outcome } from "../../model/outcome.ts";
import type { Target } from "../../model/plan.ts";
import { makePlan } from "../../plan/make-plan.ts";
import type { SavedPlan } from "../../plan/parse-saved-plan.ts";
import { restrictPlan, type StaleChange } from "../../plan/restrict.ts";
import { applyPlan } from "../apply-plan.ts";
import type { Invocation } from "../command-row.ts";
import { withDecision } from "../decide.ts";
import { given } from "../given.ts";
import { openPaths, readValues } from "../manifest-input.ts";
import { file, only, policyFlags } from "../options/changes.ts";
import { type Flag, longName } from "../options/flag.ts";
import { set } from "../options/server.ts";
import { parsePlanFile, readPlanFile } from "../plan-file.ts";
import { type Applied, withReportFile } from "../report-file.ts";
import { loadSettings } from "../settings.ts";

/** Makes the server match the manifests, or carries out a saved plan. */
export async function run(invocation: Invocation): Promise<number> {
  return withReportFile(invocation, async () => {
    const { args, io } = invocation;
    const [path] = args;
    const saved = path === undefined || args.length > 1 ? undefined : await readPlanFile(path, io);
    return saved === undefined ? applyManifests(invocation) : applySaved(saved, invocation);
  });
}

async function applyManifests(invocation: Invocation): Promise<Applied> {
  return withDecision(invocation, { lock: "taken", makePlan }, async (session) =>
    applyPlan(session, invocation, { withoutTerminal: "given" }),
  );
}

/** Plans anew with what the file wanted, and carries out what of it was reviewed; the rest is stale. */
async function applySaved(document: JsonObject, invocation: Invocation): Promise<Applied> {
  refuseFlags(invocation);
  const settings = await loadSettings(invocation);
  const values = await readValues(settings, invocation.io, "error");
  const saved = await parsePlanFile(
    document,
    values,
    async (paths) => (await openPaths(paths, { settings, invocation, wrongPath: "usage" })).source,
  );
  const input = {
    policy: saved.policy,
    sourceName: `plan ${invocation.args[0] ?? ""} of ${saved.target.source}`,
    ...given("revision", saved.target.revision),
    ...given("tree", saved.target.tree),
    read: () => Promise.resolve({ desired: saved.desired, problems: [], notes: [] }),
  };
  return withDecision(invocation, { lock: "taken", makePlan, saved: input }, async (session) => {
    requireSameTarget(session.plan.target, saved.target);
    const { plan, stale } = restrictPlan(session.plan, saved);
    return applyPlan({ ...session, plan }, invocation, { withoutTerminal: "given", stale: stale.map(staleOutcome) });
  });
}

/** What may change was decided when the plan was made. */
function refuseFlags({ flags }: Invocation): void {
  const decided: readonly Flag<unknown>[] = [...policyFlags, only, file, set];
  const said = decided.filter((flag) => flags.text(flag) !== undefined).map(longName);
  if (said.length === 0) return;
  throw new SyncError("usage", `${said.join(", ")}: a saved plan carries its own flags`, {
    remedy: "Leave them out, or plan again with them.",
  });
}

function requireSameTarget(now: Target, then: SavedPlan["target"]): void {
  const places = (["server", "dialect", "account"] as const).filter((name) => now[name] !== then[name]);
  if (places.length === 0) return;
  const difference = places.map((name) => `${name} ${then[name] ?? "unknown"}, this is ${now[name] ?? "unknown"}`);
  throw new SyncError("refused", `the plan was made against ${difference.join("; ")}`, {
    remedy: "Name the server that it was made for, or plan again.",
  });
}

function staleOutcome({ change, detail }: StaleChange): Outcome {
  return {
    change,
    status: "stale",
    failure: { class: "stale_plan", message: detail, remedy: "Plan again, look at it, and apply that." },
    warnings: [],
    durationMs: 0,
  };
}
