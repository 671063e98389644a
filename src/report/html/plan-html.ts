import type { Op, Plan } from "../../model/plan.ts";
import type { ChangeView } from "../change-view.ts";
import { grouped } from "../printable.ts";
import { planTitle } from "../text.ts";
import { planView, type PlanView, type Section } from "../view.ts";
import { changeList, type Folds, keptList } from "./change-card.ts";
import { type Markup, markup } from "./markup.ts";
import { renderPage } from "./page.ts";
import { listSection, noteList, refusalBoxes, targetFacts } from "./parts.ts";

/** More changes than this start folded, what deletes aside: a page of a thousand open diffs is read by nobody. */
const OPEN_UP_TO = 40;

/** The plan as one page that needs nothing beside itself. Same plan, same bytes. */
export function renderPlanHtml(plan: Plan): string {
  const view = planView(plan, "shown");
  const shown = plan.changes.length - plan.counts.keep;
  return renderPage({
    title: planTitle(view.against),
    header: header(view, plan),
    main: markup`${[
      refusalBoxes(view.refusals),
      ...inOrder(view.sections).map((section) => sectionBlock(section, shown)),
      noteList(view.notes),
    ]}`,
    footer: markup`${footer(view)}`,
  });
}

function header(view: PlanView, { counts }: Plan): Markup {
  return markup`<p class="kicker">llmstack-sync plan${view.against.base === undefined ? "" : " between manifests, no server asked"}</p>
<h1>${view.summary}</h1>
${targetFacts(view.against, [["digest", view.digest?.slice(0, 12)]])}
${view.remarks.map((remark) => markup`<p class="remark">${remark}</p>`)}
${tally(counts, view)}`;
}

/** Most alarming first, as the sections are. */
const TALLIED: readonly (readonly [Op, string])[] = [
  ["prune", "to delete"],
  ["replace", "to replace"],
  ["hold", "held"],
  ["update", "to update"],
  ["adopt", "to adopt"],
  ["create", "to create"],
  ["keep", "unchanged"],
];

/** How many of what; each leads to its first. */
function tally(counts: Plan["counts"], { sections }: PlanView): Markup {
  return markup`<ul class="tally" aria-label="counts">${TALLIED.filter(([op]) => counts[op] > 0).map(([op, words]) => {
    const section = sections.find(({ changes }) => changes.some((change) => hasOp(change, op)));
    const text = markup`<b>${grouped(counts[op])}</b> ${words}`;
    return section === undefined
      ? markup`<li class="${op}"><span class="tile">${text}</span></li>`
      : markup`<li class="${op}"><a href="#${idOf(section)}">${text}</a></li>`;
  })}</ul>`;
}

function hasOp({ op, entries }: ChangeView, wanted: Op): boolean {
  return op === wanted || entries.some((entry) => hasOp(entry, wanted));
}

/** What is held waits for somebody, so it stands before what goes by itself. */
function inOrder(sections: readonly Section[]): readonly Section[] {
  const order = (section: Section): number => (section.rank === HELD ? 0.5 : section.rank);
  return sections.toSorted((left, right) => order(left) - order(right));
}

const HELD = 3;
const UNCHANGED = 4;

function sectionBlock(section: Section, shown: number): Markup {
  const { title, rank, changes } = section;
  if (rank === UNCHANGED) return listSection(idOf(section), title, changes.length, keptList(changes));
  const folds: Folds = rank === 0 || shown <= OPEN_UP_TO ? "open" : "closed";
  return listSection(idOf(section), title, changes.length, changeList(changes, folds));
}

function idOf({ rank }: Section): string {
  return `list-${rank}`;
}

function footer({ digest }: PlanView): Markup {
  return markup`Values read before → after. Secrets are in no plan. ${digest === undefined ? "" : markup`Plan digest <code>${digest}</code>`}`;
}
