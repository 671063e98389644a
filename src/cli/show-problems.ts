import { kinds } from "../kinds/index.ts";
import type { Problem } from "../model/problem.ts";
import type { SourceFile } from "../model/source.ts";
import type { ProblemList } from "../report/problems/problem-list.ts";
import { renderProblemsText } from "../report/problems/problems-text.ts";
import type { Output } from "./io.ts";
import { styleOf } from "./style.ts";

interface Found {
  readonly problems: readonly Problem[];
  readonly files: readonly SourceFile[];
}

/** Problems with the lines they stand in. A line that may hold a secret is not shown. */
export function problemList({ problems, files }: Found): ProblemList {
  return {
    problems,
    texts: new Map(files.map(({ path, text }) => [path, text])),
    isSecret: ({ pointer }) => pointer !== undefined && isSecretPlace(pointer),
  };
}

export function problemsText(found: Found, output: Output): string {
  return renderProblemsText(problemList(found), { style: styleOf(output) });
}

/** Problems point into manifests, secret places are known within documents: whatever lies in front is left out. */
function isSecretPlace(pointer: string): boolean {
  const starts = [...pointer.matchAll(/\//gu)].map(({ index }) => pointer.slice(index));
  return starts.some((path) => kinds.some((kind) => kind.isSecretPath(path)));
}
