import { describe, expect, it } from "vitest";
import { codeQuality } from "../../src/ci/code-quality.ts";
import type { Problem } from "../../src/model/problem.ts";

const problem: Problem = {
  severity: "error",
  code: "app/unknown-field",
  message: "no such field",
  path: "apps/a.yaml",
  range: { line: 3, column: 1, endLine: 3, endColumn: 5 },
};

describe("the code quality report", () => {
  it("has what GitLab asks for", () => {
    expect(codeQuality([problem])).toEqual([
      {
        description: "no such field",
        check_name: "app/unknown-field",
        fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/u) as string,
        severity: "major",
        location: { path: "apps/a.yaml", lines: { begin: 3 } },
      },
    ]);
  });

  it("keeps a finding's fingerprint when it moves, and tells two alike apart", () => {
    const moved = { ...problem, range: { line: 9, column: 1, endLine: 9, endColumn: 5 } };
    const fingerprint = (problems: readonly Problem[]): unknown[] =>
      codeQuality(problems).map((finding) => finding["fingerprint"]);
    expect(fingerprint([moved])).toEqual(fingerprint([problem]));
    expect(new Set(fingerprint([problem, moved])).size).toBe(2);
  });
});
