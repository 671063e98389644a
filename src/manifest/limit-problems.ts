import type { Problem } from "../model/problem.ts";

/** More of one file nobody reads: it is another kind of file, or one mistake made everywhere. */
const MOST_OF_A_FILE = 1000;

/** At most 1,000 problems a file, errors before all others, and a last one that says how many more there are. */
export function limitProblems(problems: readonly Problem[]): readonly Problem[] {
  if (problems.length <= MOST_OF_A_FILE) return problems;
  return [...Map.groupBy(problems, ({ path }) => path).values()].flatMap(limitOfFile);
}

function limitOfFile(problems: readonly Problem[]): readonly Problem[] {
  if (problems.length <= MOST_OF_A_FILE) return problems;
  const isError = ({ severity }: Problem): boolean => severity === "error";
  const gravest = [...problems.filter(isError), ...problems.filter((problem) => !isError(problem))];
  const shown = new Set(gravest.slice(0, MOST_OF_A_FILE));
  const [first, ...others] = gravest.slice(MOST_OF_A_FILE);
  return [...problems.filter((problem) => shown.has(problem)), ...(first === undefined ? [] : [rest(first, others)])];
}

/** `first` is the gravest of those that are left out: what it is worth, all of them are. */
function rest({ severity, path }: Problem, others: readonly Problem[]): Problem {
  const message = `this file has ${others.length + 1} more problems: mend the first ${MOST_OF_A_FILE}, then look again`;
  return { severity, code: "manifest/too-many", message, path };
}
