/** One measured ratio. `budget` is the promise that the design makes for it. */
export interface Row {
  readonly name: string;
  readonly oursMs: number;
  readonly baselineMs: number;
  readonly ratio: number;
  readonly budget: number;
  readonly peakMiB?: number;
  readonly peakBudgetMiB?: number;
  readonly requests?: number;
  /** What went over the network, ours of the other. */
  readonly moved?: string;
  readonly baseline: string;
  /** The same requests over bare sockets in the same run: what of the ratio is this machine. */
  readonly bareMs?: number;
}

/** The table for people; the JSON after it is for comparing runs. */
export function renderTable(rows: readonly Row[]): string {
  const header = [
    "scenario",
    "ours ms",
    "best ms",
    "ratio",
    "budget",
    "peak MiB",
    "requests",
    "bare ms",
    "to bare",
    "moved",
    "compared with",
  ];
  const body = rows.map((row) => [
    row.name,
    row.oursMs.toFixed(0),
    row.baselineMs.toFixed(0),
    `${row.ratio.toFixed(2)}${isOver(row) ? " OVER" : ""}`,
    row.budget.toFixed(2),
    peak(row),
    row.requests === undefined ? "" : String(row.requests),
    row.bareMs?.toFixed(0) ?? "",
    row.bareMs === undefined ? "" : (row.oursMs / row.bareMs).toFixed(2),
    row.moved ?? "",
    row.baseline,
  ]);
  const lines = [header, ...body];
  const widths = header.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

export function isOver(row: Row): boolean {
  return row.ratio > row.budget || (row.peakMiB ?? 0) > (row.peakBudgetMiB ?? Number.POSITIVE_INFINITY);
}

function peak({ peakMiB, peakBudgetMiB }: Row): string {
  if (peakMiB === undefined) return "";
  return peakBudgetMiB === undefined ? peakMiB.toFixed(0) : `${peakMiB.toFixed(0)} of ${peakBudgetMiB}`;
}
