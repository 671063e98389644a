import type { Problem } from "../../model/problem.ts";
import { counted, printable } from "../printable.ts";
import { joinParts, paint, type Style } from "../text.ts";
import { type CodeFrame, codeFrames } from "./code-frame.ts";
import { countProblems, inOrder, type ProblemList } from "./problem-list.ts";

const COLOR = { error: "red", warning: "yellow", note: "cyan" } as const;

/** For people: each problem with its source line, a mark below the place, and what to write instead. */
export function renderProblemsText(list: ProblemList, { style }: { readonly style: Style }): string {
  const frameOf = codeFrames(list);
  const parts = inOrder(list.problems).map((problem) => problemLines(problem, frameOf(problem), style));
  return joinParts([...parts, [summary(list)]]);
}

function problemLines(problem: Problem, frame: CodeFrame | undefined, style: Style): readonly string[] {
  const { severity, message, code, suggestion } = problem;
  const place = paint(style, "bold", `${placeOf(problem)}:`);
  return [
    `${place} ${paint(style, COLOR[severity], `${severity}:`)} ${printable(message)} ${paint(style, "gray", `[${printable(code)}]`)}`,
    ...(frame === undefined ? [] : frameLines(frame, COLOR[severity], style)),
    ...(suggestion === undefined ? [] : [`  ${paint(style, "green", "help:")} ${printable(suggestion)}`]),
  ];
}

function frameLines(
  { line, text, start, length }: CodeFrame,
  color: "red" | "yellow" | "cyan",
  style: Style,
): string[] {
  const number = String(line);
  const margin = (label: string): string => paint(style, "gray", `  ${label.padStart(number.length)} |`);
  return [`${margin(number)} ${text}`, `${margin("")} ${" ".repeat(start)}${paint(style, color, "^".repeat(length))}`];
}

function placeOf({ path, range }: Problem): string {
  const name = path === "-" ? "(standard input)" : printable(path);
  return range === undefined ? name : `${name}:${range.line}:${range.column}`;
}

function summary(list: ProblemList): string {
  const { files, errors, warnings, notes } = countProblems(list);
  const found = [
    ...(errors === 0 ? [] : [counted(errors, "error")]),
    ...(warnings === 0 ? [] : [counted(warnings, "warning")]),
    ...(notes === 0 ? [] : [counted(notes, "note")]),
  ];
  return `${found.length === 0 ? "No problems" : found.join(", ")} in ${counted(files, "file")}.`;
}
