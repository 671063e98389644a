import type { Change, Plan } from "../../model/plan.ts";
import { type ChangeView, changeViews, OP_RANK } from "../../report/change-view.ts";
import { firstLines } from "../../report/fit.ts";
import { type ChangeLines, changeLines, textLines } from "../../report/lines.ts";
import { diffLine, fencedSection } from "../../report/markdown.ts";
import { codeCell, fold, htmlCode } from "./markup.ts";
import type { Part } from "./parts.ts";

/** A plan and which of its changes the pull request explains. */
export interface ExplainedPlan {
  readonly plan: Plan;
  /** Undefined where nothing is known of that: a run by hand has no pull request. */
  readonly unexplained: readonly Change[] | undefined;
}

/** Bytes that a list of headlines may take from the rest. */
const LIST_ROOM = 12_000;

/** What does damage, what nobody asked for, the rest, then every change in full, the smallest first. */
export function planParts({ plan, unexplained = [] }: ExplainedPlan): readonly Part[] {
  const isUnexplained = new Set(unexplained);
  const asked = plan.changes.filter((change) => change.op !== "keep" && !isUnexplained.has(change));
  const askedViews = changeViews(asked);
  return [
    ...refusalPart(plan),
    ...listPart("Deletes, replaces and what is held", askedViews.flatMap(alarming)),
    ...unexplainedPart(unexplained),
    ...tablePart(askedViews.flatMap(flat).filter(({ op, id }) => id !== undefined && !ALARMING.has(OP_RANK[op]))),
    ...notesPart(plan),
    ...detailParts(changeViews(plan.changes.filter(({ op }) => op !== "keep"))),
  ];
}

const ALARMING: ReadonlySet<number> = new Set([OP_RANK.prune, OP_RANK.hold]);

/** What does damage in a resource and its entries; entries bring the resource's own line with them. */
function alarming(view: ChangeView): readonly ChangeLines[] {
  const [own, ...entries] = changeLines(view);
  const found = entries.filter(({ rank }) => ALARMING.has(rank));
  return own !== undefined && (ALARMING.has(own.rank) || found.length > 0) ? [own, ...found] : found;
}

function linesOf(views: readonly ChangeView[]): readonly ChangeLines[] {
  return views.flatMap((view) => changeLines(view));
}

function flat(view: ChangeView): readonly (ChangeView & { readonly path: string })[] {
  const own = { ...view, path: view.key };
  return [own, ...view.entries.map((entry) => ({ ...entry, path: `${view.key}/entries/${entry.key}` }))];
}

function refusalPart({ refusals }: Plan): readonly Part[] {
  const lines = refusals.flatMap(({ rule, detail, remedy }) => [`! ${rule}: ${detail}`, `  to allow it: ${remedy}`]);
  const shown = lines.flatMap((line) => textLines(line, 0)).map(({ text }) => text);
  return part(fencedSection("Refused: nothing will be applied", "diff", firstLines(shown, LIST_ROOM)), "the refusals");
}

/** Headlines; of what is held also why, and what would allow it. */
function listPart(title: string, lines: readonly ChangeLines[]): readonly Part[] {
  const shown = lines.flatMap(({ headline, details, rank }) => [headline, ...(rank === OP_RANK.hold ? details : [])]);
  return part(fencedSection(title, "diff", firstLines(shown.map(diffLine), LIST_ROOM)), title.toLowerCase());
}

const UNEXPLAINED = `Nothing in this pull request asks for these: somebody changed the server, or earlier changes were never applied. Merging carries them out all the same.`;

function unexplainedPart(unexplained: readonly Change[]): readonly Part[] {
  const title = "Changes that this pull request does not explain";
  const lines = linesOf(changeViews(unexplained)).map(({ headline }) => diffLine(headline));
  const [heading = "", ...fence] = fencedSection(title, "diff", firstLines(lines, LIST_ROOM));
  return lines.length === 0 ? [] : part([heading, "", UNEXPLAINED, ...fence], "unexplained changes");
}

function tablePart(rows: readonly (ChangeView & { readonly path: string })[]): readonly Part[] {
  if (rows.length === 0) return [];
  const line = ({ symbol, path, name, id }: (typeof rows)[number]): string =>
    `| ${codeCell(symbol)} | ${codeCell(path)}${name === undefined ? "" : ` ${codeCell(name)}`} | ${codeCell(id ?? "")} |`;
  return part(
    ["### Changes", "", "| | what | change id |", "| --- | --- | --- |", ...firstRows(rows.map(line))],
    "the table of changes",
  );
}

function firstRows(rows: readonly string[]): readonly string[] {
  let left = LIST_ROOM;
  const fitting = rows.filter((row) => (left -= Buffer.byteLength(row) + 1) >= 0);
  return fitting.length === rows.length ? rows : [...fitting, `| | and ${rows.length - fitting.length} more | |`];
}

function notesPart({ notes }: Plan): readonly Part[] {
  const lines = notes.flatMap(({ message }) => textLines(message, 0)).map(({ text }) => text);
  return part(fencedSection("Notes", "text", firstLines(lines, LIST_ROOM / 4)), "the notes");
}

function detailParts(views: readonly ChangeView[]): readonly Part[] {
  const folds = views.filter(hasDetails).map((view) => {
    const lines = changeLines(view).flatMap(({ headline, details }) => [headline, ...details].map(diffLine));
    // The heading is the summary's.
    return fold(htmlCode(`${view.symbol} ${view.key}`), fencedSection("", "diff", lines).slice(2));
  });
  return folds
    .toSorted((a, b) => Buffer.byteLength(a) - Buffer.byteLength(b))
    .map((text) => ({ text, without: "details of changes" }));
}

/** What the lists above say already is not said again. */
function hasDetails(view: ChangeView): boolean {
  return changeLines(view).some(({ details }) => details.length > 0) || view.entries.length > 0;
}

function part(lines: readonly string[], without: string): readonly Part[] {
  return lines.length === 0 ? [] : [{ text: lines.join("\n"), without }];
}
