import { planDocument } from "../../cli/plan-file.ts";
import type { Decision } from "../../pipeline.ts";
import { renderPlanHtml } from "../../report/html/plan-html.ts";
import type { CiRun, DutyResult } from "../ci-run.ts";

/** A plan as it is attached to a run. */
export function planFiles(
  decision: Pick<Decision, "plan" | "asked">,
  { folder }: Pick<CiRun, "folder">,
): NonNullable<DutyResult["plan"]> {
  return { json: () => planDocument(decision, [folder]), html: () => renderPlanHtml(decision.plan) };
}
