import type { Note, Refusal } from "../../model/plan.ts";
import { noteText } from "../lines.ts";
import type { Against } from "../view.ts";
import { lines } from "./change-card.ts";
import { type Markup, markup } from "./markup.ts";

/** What a plan or a drift was made against, fact by fact. */
export function targetFacts(
  { server, dialect, account, set, source, base }: Against,
  more: readonly Fact[] = [],
): Markup {
  const facts: readonly Fact[] =
    base === undefined
      ? [["server", server], ["dialect", dialect], ["account", account], ["set", set], ["from", source], ...more]
      : [["from", base], ["to", source], ["set", set], ["server", "none asked"], ...more];
  return markup`<dl class="facts">${facts.map(([term, value]) =>
    value === undefined || value === "" ? undefined : markup`<div><dt>${term}</dt><dd><code>${value}</code></dd></div>`,
  )}</dl>`;
}

export type Fact = readonly [term: string, value: string | undefined];

/** Why nothing is applied. */
export function refusalBoxes(refusals: readonly Refusal[]): Markup | undefined {
  if (refusals.length === 0) return undefined;
  return markup`<section aria-labelledby="refused"><h2 id="refused">Refused: nothing is applied</h2>${refusals.map(
    ({ rule, detail, remedy }) =>
      markup`<div class="callout prune" role="alert"><p><strong>${rule}.</strong> ${lines(detail)}</p><p>To allow it: ${lines(remedy)}</p></div>`,
  )}</section>`;
}

/** What a reader should know and what changes nothing. */
export function noteList(notes: readonly Note[]): Markup | undefined {
  if (notes.length === 0) return undefined;
  return markup`<section aria-labelledby="notes"><h2 id="notes">Notes</h2><ul class="notes">${notes.map(
    (note) => markup`<li>${lines(noteText(note))}</li>`,
  )}</ul></section>`;
}

/** A heading over a list that the search box looks through. */
export function listSection(id: string, title: string, count: number, list: Markup): Markup {
  return markup`<section id="${id}" data-list aria-labelledby="${id}-title"><h2 id="${id}-title">${title} <span class="count">${count}</span></h2>${list}</section>`;
}
