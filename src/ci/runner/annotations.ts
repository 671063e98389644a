import type { Problem } from "../../model/problem.ts";
import { counted, cut } from "../../report/printable.ts";
import { renderProblemsGithub } from "../../report/problems/problems-github.ts";
import { inOrder } from "../../report/problems/problem-list.ts";
import { commandData } from "./workflow-commands.ts";

/** A step shows ten of a level and drops the rest without a word: nine, and one that says how many more. */
const SHOWN = 9;

/** The runner cuts messages here. */
const LONGEST_MESSAGE = 4_000;

interface AnnotationSetup {
  /** What the pull request touches comes first. */
  readonly changed: ReadonlySet<string>;
}

/** Problems as commands of the runner, errors first, within what it shows. */
export function annotationLines(problems: readonly Problem[], { changed }: AnnotationSetup): readonly string[] {
  return (["error", "warning"] as const).flatMap((severity) => {
    const all = inOrder(problems.filter((problem) => problem.severity === severity));
    const ranked = all.toSorted((a, b) => Number(changed.has(b.path)) - Number(changed.has(a.path)));
    const shown = ranked.length > SHOWN + 1 ? ranked.slice(0, SHOWN) : ranked;
    const hidden = ranked.length - shown.length;
    const commands = shown.map(commandOf);
    if (hidden === 0) return commands;
    const more = commandData(`and ${counted(hidden, `more ${severity}`)}: see the log`);
    return commands.concat(`::${severity} title=llmstack-sync::${more}`);
  });
}

function commandOf(problem: Problem): string {
  const short = { ...problem, message: cut(problem.message, LONGEST_MESSAGE) };
  return renderProblemsGithub({ problems: [short], texts: new Map() }).trimEnd();
}
