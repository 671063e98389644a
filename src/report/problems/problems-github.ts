import type { Problem } from "../../model/problem.ts";
import { printable } from "../printable.ts";
import { inOrder, type ProblemList } from "./problem-list.ts";

const COMMAND = { error: "error", warning: "warning", note: "notice" } as const;

/** Workflow commands of GitHub Actions, one line a problem; nothing at all where there are none. */
export function renderProblemsGithub({ problems }: ProblemList): string {
  return inOrder(problems)
    .map((problem) => `${annotation(problem)}\n`)
    .join("");
}

function annotation(problem: Problem): string {
  const { severity, code, message, suggestion } = problem;
  const properties = [...placeProperties(problem), `title=${property(code)}`].join(",");
  const text = suggestion === undefined ? message : `${message} (${suggestion})`;
  return `::${COMMAND[severity]} ${properties}::${data(text)}`;
}

function placeProperties({ path, range }: Problem): readonly string[] {
  if (path === "-") return [];
  const file = `file=${property(path)}`;
  if (range === undefined) return [file];
  const { line, column, endLine, endColumn } = range;
  const end = endLine === line ? [`endColumn=${endColumn}`] : [];
  return [file, `line=${line}`, `endLine=${endLine}`, `col=${column}`, ...end];
}

/** As the runner undoes it: `%` first. */
function data(text: string): string {
  return printable(text).replaceAll("%", "%25");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
