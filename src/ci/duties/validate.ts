import { EXIT } from "../../cli/exit-codes.ts";
import { styleOf } from "../../cli/style.ts";
import { hasErrors } from "../../model/problem.ts";
import { renderProblemsText } from "../../report/problems/problems-text.ts";
import type { CiRun, DutyResult } from "../ci-run.ts";
import { renderProblemsComment } from "../comment/render-comment.ts";
import type { PullRequest } from "../events/event.ts";
import { ciValues } from "../plan-revision.ts";
import { plannedSource } from "../planned-source.ts";
import { readRevision } from "../read-revision.ts";
import type { RevisionSource } from "../revisions.ts";
import { say } from "./say.ts";

/** Checks all that needs no server, on the merge result. A fork's token may not comment, which is no failure. */
export async function validatePull(run: CiRun, pull: PullRequest): Promise<DutyResult> {
  const { source, changed } = await plannedSource(run, pull);
  const result = await validate(run, source);
  const { problems } = result;
  if (problems === undefined) return { ...result, changed };
  const need = problems.problems.length > 0 ? "always" : "where-one-is";
  const remarks = ["Checked without the server: what merging would do to it is not known here."];
  const text = { number: pull.number, head: pull.head, need } as const;
  const url = await say(run, { ...text, render: (frame) => renderProblemsComment(problems, { ...frame, remarks }) });
  return { ...result, changed, outputs: { ...result.outputs, "comment-url": url } };
}

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
