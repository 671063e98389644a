import type { ChangeLines } from "./lines.ts";
import { diffLine } from "./markdown.ts";
import { counted, cut, grouped } from "./printable.ts";

/**
 * The longest text that `compose` makes and `limit` allows. It is asked with less and less room for its lists; what it
 * puts around them comes on top, so its answer is measured. `last` is taken when nothing fits.
 */
export function withinLimit(limit: number, compose: (room: number) => string, last: string): string {
  let room = limit;
  while (room > 0) {
    const text = compose(room);
    if (text.length <= limit) return text;
    // In steps that count: a few characters too many must not mean a thousand attempts.
    room -= Math.max(text.length - limit, limit / 50);
  }
  return cut(last, limit);
}

/** What part of a section fits. */
export interface Fitted {
  readonly title: string;
  readonly lines: readonly string[];
  readonly hiddenChanges: number;
  readonly hiddenDetails: number;
}

/**
 * Chooses what of each section fits into so many characters: first every change's headline, then the details, both in
 * order of damage. An entry brings the headline of its datasource with it.
 */
export function fitter(
  sections: readonly { readonly title: string; readonly changes: readonly ChangeLines[] }[],
): (room: number) => readonly Fitted[] {
  const rows = sections.map(({ changes }) => toRows(changes));
  const ordered = rows.flat().toSorted((left, right) => left.rank - right.rank);
  return (room) => {
    const { shown, detailed } = choose(ordered, room);
    return sections.map(({ title }, index) => fitted(title, rows[index] ?? [], shown, detailed));
  };
}

function choose(ordered: readonly Row[], room: number): { shown: ReadonlySet<Row>; detailed: ReadonlySet<Row> } {
  const shown = new Set<Row>();
  const detailed = new Set<Row>();
  let left = room;
  for (const row of ordered) {
    const wanted = [row, ...row.owner].filter((item) => !shown.has(item));
    const size = wanted.reduce((sum, { headline }) => sum + headline.length + 1, 0);
    if (size > left) continue;
    left -= size;
    for (const item of wanted) shown.add(item);
  }
  for (const row of ordered) {
    if (!shown.has(row) || row.size > left) continue;
    left -= row.size;
    detailed.add(row);
  }
  return { shown, detailed };
}

/** Says what was left out, section by section; undefined when nothing was. */
export function hiddenText(parts: readonly Fitted[]): string | undefined {
  const unlisted = parts
    .filter(({ hiddenChanges }) => hiddenChanges > 0)
    .map(({ title, hiddenChanges }) => `${grouped(hiddenChanges)} of “${title}” are not listed`);
  const details = parts.reduce((sum, { hiddenDetails }) => sum + hiddenDetails, 0);
  const said = details === 0 ? unlisted : [...unlisted, `the details of ${counted(details, "change")} are left out`];
  return said.length === 0 ? undefined : `Shortened to fit: ${said.join(", ")}.`;
}

/** The lines that fit into `room` characters, then how many more there are; long lines are cut. */
export function firstLines(lines: readonly string[], room: number): readonly string[] {
  let left = Math.max(200, room);
  const fitting: string[] = [];
  for (const line of lines) {
    const shown = cut(line, 500);
    left -= shown.length + 1;
    if (left < 0) return [...fitting, `… and ${lines.length - fitting.length} more lines`];
    fitting.push(shown);
  }
  return fitting;
}

interface Row {
  readonly rank: number;
  readonly headline: string;
  readonly details: readonly string[];
  readonly size: number;
  /** The datasource's row, for an entry. */
  readonly owner: readonly Row[];
}

function toRows(changes: readonly ChangeLines[]): readonly Row[] {
  const rows: Row[] = [];
  let owner: Row | undefined;
  for (const { rank, headline, details } of changes) {
    const lines = details.map(diffLine);
    const size = lines.reduce((sum, line) => sum + line.length + 1, 0);
    const isOwned = headline.depth > 0 && owner !== undefined;
    const row: Row = {
      rank,
      headline: diffLine(headline),
      details: lines,
      size,
      owner: isOwned && owner ? [owner] : [],
    };
    if (headline.depth === 0) owner = row;
    rows.push(row);
  }
  return rows;
}

function fitted(title: string, section: readonly Row[], shown: ReadonlySet<Row>, detailed: ReadonlySet<Row>): Fitted {
  const visible = section.filter((row) => shown.has(row));
  return {
    title,
    lines: visible.flatMap((row) => (detailed.has(row) ? [row.headline].concat(row.details) : [row.headline])),
    hiddenChanges: section.length - visible.length,
    hiddenDetails: visible.filter((row) => row.size > 0 && !detailed.has(row)).length,
  };
}
