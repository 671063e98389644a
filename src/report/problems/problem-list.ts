import type { Problem } from "../../model/problem.ts";

/** What every format of problems is made from. */
export interface ProblemList {
  readonly problems: readonly Problem[];
  /** Text of every file that was read, by the path that problems name. */
  readonly texts: ReadonlyMap<string, string>;
  /** True where the source at a problem holds a secret value: it is not shown then. */
  readonly isSecret?: (problem: Problem) => boolean;
}

export interface ProblemCounts {
  readonly files: number;
  readonly errors: number;
  readonly warnings: number;
  readonly notes: number;
}

/** By path, then place: the same whatever order the rules found them in. */
export function inOrder(problems: readonly Problem[]): readonly Problem[] {
  return problems.toSorted(
    (a, b) =>
      compare(a.path, b.path) ||
      comparePlaces(a.range, b.range) ||
      compare(a.code, b.code) ||
      compare(a.message, b.message),
  );
}

/** A problem of the whole file comes first. */
function comparePlaces(a: Problem["range"], b: Problem["range"]): number {
  return (a?.line ?? 0) - (b?.line ?? 0) || (a?.column ?? 0) - (b?.column ?? 0);
}

export function countProblems({ problems, texts }: ProblemList): ProblemCounts {
  const count = (severity: Problem["severity"]): number => problems.filter((it) => it.severity === severity).length;
  return { files: texts.size, errors: count("error"), warnings: count("warning"), notes: count("note") };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
