import { kinds } from "../../kinds/index.ts";
import { InvalidManifests } from "../../model/invalid-manifests.ts";
import { SyncError } from "../../model/errors.ts";
import { isEmptyPlan, type Change } from "../../model/plan.ts";
import { problemList } from "../../cli/show-problems.ts";
import { EXIT } from "../../cli/exit-codes.ts";
import * as options from "../../cli/options/ci.ts";
import { styleOf } from "../../cli/style.ts";
import { fencedSection } from "../../report/markdown.ts";
import { renderPlanMarkdown } from "../../report/plan-markdown.ts";
import { renderPlanText } from "../../report/plan-text.ts";
import type { ProblemList } from "../../report/problems/problem-list.ts";
import { renderProblemsText } from "../../report/problems/problems-text.ts";
import { printableLines } from "../../report/printable.ts";
import type { CiRun, DutyResult } from "../ci-run.ts";
import { recordOf, renderNotice, renderPlanComment, renderProblemsComment } from "../comment/render-comment.ts";
import type { PullRequest } from "../events/event.ts";
import type { ForgeClient } from "../forges/forge.ts";
import { unexplainedChanges } from "../explain-changes.ts";
import { type CiSession, ciValues, planRevision } from "../plan-revision.ts";
import { type Planned, plannedSource } from "../planned-source.ts";
import { readBase } from "../read-revision.ts";
import { exitOfReview, planOutputs } from "./finish-review.ts";
import { planFiles } from "./plan-files.ts";
import { say, type Say } from "./say.ts";

/** Plans what merging would do to the live server, and says it on the pull request. */
export async function reviewPull(run: CiRun, pull: PullRequest): Promise<DutyResult> {
  const { number, head } = pull;
  return review(run, { planned: await plannedSource(run, pull), head, on: { number, head } });
}

/** The same for the pull request that a person names, else for a commit of any branch. */
export async function reviewByHand(run: CiRun): Promise<DutyResult> {
  const { event, revisions, folder, invocation, branch, client } = run;
  const number = invocation.flags.get(options.pullRequest);
  if (number !== undefined && client !== undefined) return reviewPull(run, await namedPull(run, client, number));
  const own = "branch" in event && event.branch !== "" ? event.branch : branch;
  const commit = ("commit" in event ? event.commit : undefined) ?? (await revisions.tip(own));
  const planned = { source: await revisions.open(commit, folder), base: undefined, changed: new Set<string>() };
  return review(run, { planned, head: commit, on: undefined });
}

/** One of a fork too: who starts a run by hand has looked at it. */
async function namedPull(
  { forge, revisions, invocation: { io } }: CiRun,
  client: ForgeClient,
  number: number,
): Promise<PullRequest> {
  const { head, base } = await client.pullRequest(number, io.stop);
  const ref = forge.mergeRef(number);
  const merge = ref === undefined ? undefined : await revisions.find(ref);
  return { number, head, base: { branch: base, commit: undefined }, merge, mergeBase: undefined, isFork: false };
}

interface Review {
  readonly planned: Planned;
  /** The commit that people look at. */
  readonly head: string;
  /** Where to say it. */
  readonly on: Pick<Say, "number" | "head"> | undefined;
}

async function review(run: CiRun, { planned, head, on }: Review): Promise<DutyResult> {
  const tell: Finish["tell"] = async (text) => (on === undefined ? "" : say(run, { ...on, ...text }));
  try {
    return await planRevision(run, planned.source, { lock: "none" }, async (session) =>
      finish(run, { session, planned, head, tell }),
    );
  } catch (error) {
    if (error instanceof InvalidManifests) return invalid(run, error, { planned, tell });
    const remarks = failureLines(error);
    await tell({
      need: "where-one-is",
      render: (frame) => renderNotice("The plan could not be made", { ...frame, remarks }),
    });
    throw error;
  }
}

interface Finish {
  readonly session: CiSession;
  readonly planned: Planned;
  readonly head: string;
  readonly tell: (text: Omit<Say, "number" | "head">) => Promise<string>;
}

async function finish(run: CiRun, { session, planned, head, tell }: Finish): Promise<DutyResult> {
  const { plan, read } = session;
  const { io, flags } = run.invocation;
  printProblems(run, read.list);
  const unexplained = planned.base === undefined ? undefined : await unexplainedIn(run, session, planned.base);
  io.stdout.write(renderPlanText(plan, { style: styleOf(io.stdout) }));
  const { source } = planned;
  const record = recordOf(plan, head, source.tree);
  const url = await tell({
    need: isEmptyPlan(plan) ? "nothing-to-say" : "always",
    render: (frame) => renderPlanComment({ plan, unexplained }, { ...frame, record, remarks: remarksOn(planned, run) }),
  });
  return {
    exitCode: exitOfReview({ plan, unexplained: unexplained ?? [] }, flags.list(options.failOn).flat()),
    outputs: {
      ...planOutputs(plan),
      outcome: plan.refusals.length > 0 ? "refused" : isEmptyPlan(plan) ? "clean" : "changes",
      unexplained: unexplained?.length ?? 0,
      tree: source.tree ?? "",
      revision: source.revision,
      "comment-url": url,
    },
    summary: renderPlanMarkdown(plan, { limit: SUMMARY_LIMIT }),
    problems: read.list,
    changed: planned.changed,
    plan: planFiles(session, run),
  };
}

/** The page of a run takes 1 MiB; beyond it all of it is dropped. In the worst case a character is four bytes. */
const SUMMARY_LIMIT = 250_000;

/** What the base revision wanted is read without its secrets: they count by where they come from. */
async function unexplainedIn(run: CiRun, { plan, asked }: CiSession, base: string): Promise<readonly Change[]> {
  const { desired } = await readBase(run, base, await ciValues(run, "warning"));
  return unexplainedChanges(plan, { base: desired, head: asked.desired, kinds });
}

function remarksOn({ source, changed }: Planned, { folder, invocation: { flags } }: CiRun): readonly string[] {
  const project = flags.get(options.config) ?? options.config.defaultText ?? "";
  const ignoreFile = folder === "" ? ".llmstackignore" : `${folder}/.llmstackignore`;
  return [
    ...(changed.has(project)
      ? ["The project file is changed here. That takes effect after merging: this plan follows the base branch's."]
      : []),
    ...(changed.has(ignoreFile)
      ? ["`.llmstackignore` is changed here. That takes effect after merging; what it hides then has to be accepted."]
      : []),
    ...(source.tree === undefined
      ? ["Nobody has made the merge result yet: both sides are put together file by file."]
      : []),
  ];
}

async function invalid(
  run: CiRun,
  error: InvalidManifests,
  { planned, tell }: Pick<Finish, "planned" | "tell">,
): Promise<DutyResult> {
  const list = problemList(error);
  printProblems(run, list);
  const url = await tell({ need: "always", render: (frame) => renderProblemsComment(list, frame) });
  const { source, changed } = planned;
  return {
    exitCode: EXIT.invalid,
    outputs: { outcome: "invalid", revision: source.revision, tree: source.tree ?? "", "comment-url": url },
    problems: list,
    changed,
  };
}

/** Not every runner shows problems beside the lines they are in: the log has them on all. */
function printProblems({ invocation: { io } }: CiRun, list: ProblemList): void {
  if (list.problems.length > 0) io.stdout.write(renderProblemsText(list, { style: styleOf(io.stdout) }));
}

function failureLines(error: unknown): readonly string[] {
  const text =
    error instanceof SyncError
      ? `${error.message}\n${error.remedy ?? ""}`.trim()
      : "This is a bug in llmstack-sync: see the log.";
  return [fencedSection("", "text", printableLines(text)).slice(2).join("\n")];
}
