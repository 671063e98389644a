import type { Problem } from "../../model/problem.ts";
import { printable } from "../printable.ts";
import { type CodeFrame, codeFrames } from "./code-frame.ts";
import { countProblems, inOrder, type ProblemList } from "./problem-list.ts";

/** JUnit XML: a suite a file, a failed case an error; a file without errors is one case that passed. */
export function renderProblemsJunit(list: ProblemList): string {
  const problems = inOrder(list.problems);
  const paths = [...new Set([...list.texts.keys(), ...problems.map(({ path }) => path)])].toSorted();
  const byPath = Map.groupBy(problems, ({ path }) => path);
  const frameOf = codeFrames(list);
  const suites = paths.map((path) => suite(path, byPath.get(path) ?? [], frameOf));
  const { errors } = countProblems(list);
  const tests = suites.reduce((sum, { cases }) => sum + cases, 0);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="llmstack-sync validate" tests="${tests}" failures="${errors}" errors="0">`,
    ...suites.flatMap(({ lines }) => lines),
    "</testsuites>",
    "",
  ].join("\n");
}

function suite(
  path: string,
  problems: readonly Problem[],
  frameOf: ReturnType<typeof codeFrames>,
): { cases: number; lines: string[] } {
  const failed = problems.filter(({ severity }) => severity === "error");
  const remarks = problems.filter(({ severity }) => severity !== "error");
  const cases = Math.max(1, failed.length);
  const attributes = `name="${xml(path)}" tests="${cases}" failures="${failed.length}" errors="0" skipped="0"`;
  return {
    cases,
    lines: [
      `  <testsuite ${attributes}>`,
      ...(failed.length === 0 ? [`    <testcase name="valid" classname="${xml(path)}"/>`] : []),
      ...failed.flatMap((problem) => failure(problem, frameOf(problem))),
      ...(remarks.length === 0 ? [] : [`    <system-out>${remarks.map(remark).join("\n")}</system-out>`]),
      "  </testsuite>",
    ],
  };
}

function failure(problem: Problem, frame: CodeFrame | undefined): string[] {
  const { path, code, message, suggestion } = problem;
  const details = [
    `${place(problem)}${message}`,
    ...(frame === undefined ? [] : [frame.text, " ".repeat(frame.start) + "^".repeat(frame.length)]),
    ...(suggestion === undefined ? [] : [`help: ${suggestion}`]),
  ];
  return [
    `    <testcase name="${xml(`${place(problem)}${code}`)}" classname="${xml(path)}">`,
    `      <failure type="${xml(code)}" message="${xml(message)}">${details.map(xml).join("\n")}</failure>`,
    "    </testcase>",
  ];
}

function remark(problem: Problem): string {
  return xml(`${place(problem)}${problem.severity}: ${problem.message} [${problem.code}]`);
}

function place({ path, range }: Problem): string {
  return range === undefined ? `${path}: ` : `${path}:${range.line}:${range.column}: `;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

/** XML has no way at all to write control characters and non-characters. */
function xml(text: string): string {
  return printable(text)
    .replaceAll(/[\uFFFE\uFFFF]/gu, "\uFFFD")
    .replaceAll(/[&<>"']/gu, (character) => ENTITIES[character] ?? character);
}
