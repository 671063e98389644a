import type { JsonObject } from "../../model/json.ts";
import type { Problem } from "../../model/problem.ts";
import { inOrder, type ProblemList } from "./problem-list.ts";

/** SARIF 2.1.0, for code scanning. Paths become relative URIs as they were given, absolute ones file: URIs. */
export function problemsToSarif(list: ProblemList, { version }: { readonly version: string }): JsonObject {
  const problems = inOrder(list.problems);
  const codes = [...new Set(problems.map(({ code }) => code))].toSorted();
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "llmstack-sync", version, rules: codes.map((id) => ({ id, name: ruleName(id) })) } },
        columnKind: "utf16CodeUnits",
        results: problems.map((problem) => result(problem, codes)),
      },
    ],
  };
}

function result(problem: Problem, codes: readonly string[]): JsonObject {
  const { code, severity, message, suggestion, path, range, pointer } = problem;
  return {
    ruleId: code,
    ruleIndex: codes.indexOf(code),
    level: severity,
    message: { text: suggestion === undefined ? message : `${message} (${suggestion})` },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: uriOf(path) },
          ...(range !== undefined && { region: regionOf(range) }),
        },
        ...(pointer !== undefined && pointer !== "" && { logicalLocations: [{ fullyQualifiedName: pointer }] }),
      },
    ],
  };
}

function regionOf({ line, column, endLine, endColumn }: NonNullable<Problem["range"]>): JsonObject {
  return { startLine: line, startColumn: column, endLine, endColumn };
}

/** A first part with a colon would be read as a scheme. */
function uriOf(path: string): string {
  if (path === "-") return "stdin";
  const encoded = path.toWellFormed().split("/").map(encodeURIComponent).join("/");
  return path.startsWith("/") ? `file://${encoded}` : encoded;
}

/** `yaml/duplicate-key` is shown as `YamlDuplicateKey`. */
function ruleName(code: string): string {
  return code
    .split(/[^a-zA-Z0-9]+/u)
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join("");
}
