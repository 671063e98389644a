import type { JsonObject } from "../model/json.ts";
import { sha256 } from "../model/digest.ts";
import type { Problem } from "../model/problem.ts";
import { printable } from "../report/printable.ts";
import { inOrder } from "../report/problems/problem-list.ts";

const SEVERITY = { error: "major", warning: "minor", note: "info" } as const;

/** Problems as GitLab's code quality report. A finding keeps its fingerprint when lines above it come and go. */
export function codeQuality(problems: readonly Problem[]): readonly JsonObject[] {
  const seen = new Map<string, number>();
  return inOrder(problems).map((problem) => {
    const { code, message, path, pointer = "", severity, range } = problem;
    const same = JSON.stringify([code, path, pointer, message]);
    const count = seen.get(same) ?? 0;
    seen.set(same, count + 1);
    return {
      description: printable(message),
      check_name: code,
      fingerprint: sha256(`${same}${count}`),
      severity: SEVERITY[severity],
      location: { path, lines: { begin: range?.line ?? 1 } },
    };
  });
}
