import type { Report } from "../../model/outcome.ts";
import { isEmptyPlan, type Plan } from "../../model/plan.ts";
import { againstMarkdown, codeSpan, fencedSection } from "../../report/markdown.ts";
import { renderProblemsText } from "../../report/problems/problems-text.ts";
import type { ProblemList } from "../../report/problems/problem-list.ts";
import { printableLines } from "../../report/printable.ts";
import { renderReportMarkdown } from "../../report/report-markdown.ts";
import { planView } from "../../report/view.ts";
import { type CommentKey, markerOf } from "./marker.ts";
import { assembleParts, type Part } from "./parts.ts";
import { type ExplainedPlan, planParts } from "./plan-parts.ts";
import { recordLine, type ReviewRecord } from "./record.ts";

/** What stands around every text of ours on a forge. */
export interface CommentFrame {
  readonly key: CommentKey;
  readonly record: ReviewRecord | undefined;
  /** Sentences of our own on this run; what stands in code there is escaped by who writes it. */
  readonly remarks: readonly string[];
  /** Where the rest is: the page of the run. */
  readonly link: string | undefined;
  /** UTF-8 bytes. */
  readonly limit: number;
}

/** What merging would do, as a comment. */
export function renderPlanComment(explained: ExplainedPlan, frame: CommentFrame): string {
  const view = planView(explained.plan, "hidden");
  const digest = isEmptyPlan(explained.plan) ? [] : [`Plan digest ${codeSpan(explained.plan.digest.slice(0, 12))}`];
  return framed(frame, {
    head: [`## ${view.summary}`, againstMarkdown(view.against), ...view.remarks],
    parts: planParts(explained),
    foot: digest,
  });
}

/** Manifests that cannot be used, as a comment. */
export function renderProblemsComment(list: ProblemList, frame: CommentFrame): string {
  const text = problemsFence(list, frame.limit * 0.8);
  return framed(frame, {
    head: [problemsTitle(list)],
    parts: text === "" ? [] : [{ text, without: "the problems" }],
    foot: [],
  });
}

/** The same for the page of a run, in so many UTF-8 bytes. */
export function renderProblemsPage(list: ProblemList, limit: number): string {
  return `${problemsTitle(list)}\n\n${problemsFence(list, limit - 1_000)}\n`;
}

function problemsTitle({ problems }: ProblemList): string {
  const errors = problems.filter(({ severity }) => severity === "error").length;
  return errors === 0
    ? "## The manifests are valid"
    : `## The manifests have ${errors} error${errors === 1 ? "" : "s"}`;
}

/** Empty where there are none. */
function problemsFence(list: ProblemList, room: number): string {
  if (list.problems.length === 0) return "";
  const lines = renderProblemsText(list, { style: "plain" }).trimEnd().split("\n").flatMap(printableLines);
  return fencedSection("Problems", "text", withinRoom(lines, room)).join("\n");
}

/** What an apply did, as a comment; `plan` is what it was to do. */
export function renderReportComment(report: Report, frame: CommentFrame): string {
  return framed(frame, {
    head: [renderReportMarkdown(report, { limit: Math.floor(frame.limit / 4) }).trimEnd()],
    parts: [],
    foot: [],
  });
}

/** A text of ours with nothing below it: superseded, failed. */
export function renderNotice(title: string, frame: CommentFrame): string {
  return framed(frame, { head: [`## ${title}`], parts: [], foot: [] });
}

interface Content {
  readonly head: readonly string[];
  readonly parts: readonly Part[];
  readonly foot: readonly string[];
}

function framed({ key, record, remarks, link, limit }: CommentFrame, { head, parts, foot }: Content): string {
  const first = [markerOf(key), ...(record === undefined ? [] : [recordLine(record)])].join("\n");
  const [title = "", ...more] = head;
  return assembleParts({
    head: [`${first}\n\n${title}`, ...remarks, ...more],
    parts,
    foot: [...foot, ...(link === undefined ? [] : [`[The whole run](${encodeURI(link)})`])],
    limit,
  });
}

function withinRoom(lines: readonly string[], room: number): readonly string[] {
  let left = room;
  const fitting = lines.filter((line) => (left -= Buffer.byteLength(line) + 1) >= 0);
  return fitting.length === lines.length ? lines : [...fitting, "and more"];
}

/** The plan that a comment shows, by what its record remembers. */
export function recordOf(plan: Plan, head: string, tree: string | undefined): ReviewRecord {
  const ids = plan.changes.filter(({ op }) => op !== "keep").map(({ id }) => id.slice(0, 12));
  return { head, tree, digest: plan.digest, ids: [...new Set(ids)].toSorted(), applied: undefined };
}
