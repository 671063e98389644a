import type { JsonObject } from "../../model/json.ts";
import type { Problem } from "../../model/problem.ts";
import { SCHEMA_VERSION } from "../json.ts";
import { countProblems, inOrder, type ProblemList } from "./problem-list.ts";

/** For programs: one document. No source lines, so nothing that a file holds but what messages name. */
export function problemsToJson(list: ProblemList): JsonObject {
  return {
    schemaVersion: SCHEMA_VERSION,
    kind: "Problems",
    counts: { ...countProblems(list) },
    problems: inOrder(list.problems).map(problemToJson),
  };
}

/** One problem, as it stands in every document. */
export function problemToJson({ severity, code, message, path, range, pointer, suggestion }: Problem): JsonObject {
  return {
    severity,
    code,
    message,
    path,
    ...(range !== undefined && { range: { ...range } }),
    ...(pointer !== undefined && { pointer }),
    ...(suggestion !== undefined && { suggestion }),
  };
}
