import { makePlan } from "../../plan/make-plan.ts";
import type { Invocation } from "../command-row.ts";
import { withDecision } from "../decide.ts";
import { withReportFile } from "../report-file.ts";
import { applyPlan } from "../apply-plan.ts";

/** Makes the server match the manifests, or carries out a saved plan. */
export async function run(invocation: Invocation): Promise<number> {
  return withReportFile(invocation, async () =>
    withDecision(invocation, { lock: "taken", makePlan }, async (session) =>
      applyPlan(session, invocation, { withoutTerminal: "given" }),
    ),
  );
}
