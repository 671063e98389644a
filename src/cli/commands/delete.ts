import { makeDeletePlan } from "../../plan/delete-plan.ts";
import { applyPlan } from "../apply-plan.ts";
import type { Invocation } from "../command-row.ts";
import { withDecision } from "../decide.ts";
import { withReportFile } from "../report-file.ts";

/** Deletes what the manifests name and what is ours. */
export async function run(invocation: Invocation): Promise<number> {
  return withReportFile(invocation, async () =>
    withDecision(invocation, { lock: "taken", makePlan: makeDeletePlan }, async (session) =>
      applyPlan(session, invocation, { withoutTerminal: "refused" }),
    ),
  );
}
