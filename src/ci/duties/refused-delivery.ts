import { EXIT } from "../../cli/exit-codes.ts";
import { styleOf } from "../../cli/style.ts";
import { renderPlanMarkdown } from "../../report/plan-markdown.ts";
import { renderPlanText } from "../../report/plan-text.ts";
import type { DutyResult } from "../ci-run.ts";
import { renderPlanComment } from "../comment/render-comment.ts";
import type { Delivery } from "./delivery.ts";
import { planOutputs } from "./finish-review.ts";
import { planFiles } from "./plan-files.ts";
import { tellPulls } from "./tell-pulls.ts";

/** Nothing is applied: a safety rule stops the plan, or --on-unreviewed fail does. */
export async function refusedDelivery(delivery: Delivery): Promise<DutyResult> {
  const { session, restricted, run } = delivery;
  const { plan } = session;
  const { io, log } = run.invocation;
  io.stdout.write(renderPlanText(plan, { style: styleOf(io.stdout) }));
  for (const { rule, detail, remedy } of plan.refusals) log.error(`${rule}: ${detail}`, { hint: remedy });
  const remark = "**Nothing of this was applied.**";
  const url = await tellPulls(delivery, {
    record: undefined,
    render: (frame) =>
      renderPlanComment({ plan, unexplained: undefined }, { ...frame, remarks: [remark, ...frame.remarks] }),
  });
  return {
    exitCode: plan.refusals.length > 0 ? EXIT.refused : EXIT.stale,
    outputs: {
      ...planOutputs(plan),
      outcome: plan.refusals.length > 0 ? "refused" : "held",
      unreviewed: restricted.stale.length,
      revision: session.read.source.revision,
      tree: session.read.source.tree ?? "",
      "comment-url": url,
    },
    summary: renderPlanMarkdown(plan),
    problems: session.read.list,
    plan: planFiles(session, run),
  };
}
