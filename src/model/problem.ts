import type { Pointer } from "./pointer.ts";

/** Something a person should mend in a manifest. All problems of all files are collected before anybody hears of one. */
export interface Problem {
  readonly severity: "error" | "warning" | "note";
  /** Stable name of the rule, for SARIF and for searching: `yaml/duplicate-key`, `app/unknown-field`. */
  readonly code: string;
  readonly message: string;
  /** The path as the user gave it; `-` for standard input. */
  readonly path: string;
  /** 1-based; absent when the problem is of a whole file or directory. */
  readonly range?: Range;
  readonly pointer?: Pointer;
  /** What to write instead. */
  readonly suggestion?: string;
}

export interface Range {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export function hasErrors(problems: readonly Problem[]): boolean {
  return problems.some(({ severity }) => severity === "error");
}
