import { EXIT } from "../../cli/exit-codes.ts";
import { styleOf } from "../../cli/style.ts";
import { hasErrors } from "../../model/problem.ts";
import { renderPlanMarkdown } from "../../report/plan-markdown.ts";
import { renderPlanText } from "../../report/plan-text.ts";
import { renderProblemsText } from "../../report/problems/problems-text.ts";
import { decideBetween, type Decision } from "../../pipeline.ts";
import type { CiRun, DutyResult } from "../ci-run.ts";
import { type CommentFrame, renderPlanComment, renderProblemsComment } from "../comment/render-comment.ts";
import type { PullRequest } from "../events/event.ts";
import { ciValues } from "../plan-revision.ts";
import { type Planned, plannedSource } from "../planned-source.ts";
import { NOTHING_BEFORE, readBase, readRevision } from "../read-revision.ts";
import type { RevisionSource } from "../revisions.ts";
import { planFiles } from "./plan-files.ts";
import { say } from "./say.ts";

/**
 * Checks all that needs no server, on the merge result, and says what it asks for otherwise than the base. A fork's token
 * may not comment, which is no failure.
 */
export async function validatePull(run: CiRun, pull: PullRequest): Promise<DutyResult> {
  const planned = await plannedSource(run, pull);
  const { changed } = planned;
  const result = await validate(run, planned.source);
  if (result.exitCode !== EXIT.ok) {
    const { problems = { problems: [], texts: new Map() } } = result;
    return told(run, pull, { ...result, changed }, (frame) => renderProblemsComment(problems, frame));
  }
  const { plan, asked } = await differenceOf(run, planned);
  run.invocation.io.stdout.write(renderPlanText(plan, { style: styleOf(run.invocation.io.stdout) }));
  const difference = { ...result, changed, plan: planFiles({ plan, asked }, run), summary: renderPlanMarkdown(plan) };
  return told(run, pull, difference, (frame) => renderPlanComment({ plan, unexplained: undefined }, frame));
}

/** Secrets count by where they come from: whether a variable is set here says nothing of either side. */
async function differenceOf(run: CiRun, { source, base }: Planned): Promise<Pick<Decision, "plan" | "asked">> {
  const values = { ...(await ciValues(run, "warning")), env: (name: string) => name };
  const [head, before] = await Promise.all([
    readRevision(source, values),
    base === undefined ? NOTHING_BEFORE : readBase(run, base, values),
  ]);
  const plan = decideBetween({
    base: before,
    baseName: base ?? "nothing",
    head,
    sourceName: source.label,
    revision: source.revision,
    policy: run.policy,
  });
  return { plan, asked: head };
}

async function told(
  run: CiRun,
  { number, head }: PullRequest,
  result: DutyResult,
  render: (frame: CommentFrame) => string,
): Promise<DutyResult> {
  const need = result.exitCode === EXIT.ok ? "where-one-is" : "always";
  const text = { number, head, need } as const;
  const url = await say(run, { ...text, render: (frame) => render({ ...frame, remarks: [WITHOUT_SERVER] }) });
  return { ...result, outputs: { ...result.outputs, "comment-url": url } };
}

const WITHOUT_SERVER =
  "Checked without the server. What merging would do to it is not known here, and nobody has reviewed that.";

/** The same for a commit that no pull request is about. */
export async function validateCommit(run: CiRun, commit: string): Promise<DutyResult> {
  return validate(run, await run.revisions.open(commit, run.folder));
}

async function validate(run: CiRun, source: RevisionSource): Promise<DutyResult> {
  const { io, log } = run.invocation;
  const { problems, notes, list } = await readRevision(source, await ciValues(run, "warning"));
  for (const { message } of notes) log.info(message);
  io.stdout.write(renderProblemsText(list, { style: styleOf(io.stdout) }));
  const isInvalid = hasErrors(problems);
  return {
    exitCode: isInvalid ? EXIT.invalid : EXIT.ok,
    outputs: { outcome: isInvalid ? "invalid" : "clean", tree: source.tree ?? "", revision: source.revision },
    problems: list,
  };
}
