import { choiceFlag, type Flag, switchFlag, textFlag } from "./flag.ts";

const group = "Output";

/** `-o` with the formats one command knows. */
export function outputFlag<T extends string>(choices: readonly [T, ...T[]]): Flag<T> {
  return choiceFlag({
    syntax: "-o, --output <format>",
    help: "what stdout gets",
    group,
    defaultText: choices[0],
    choices,
  });
}

const quiet = switchFlag({ syntax: "-q, --quiet", help: "only the document asked for, and errors", group });

const verbose = switchFlag({
  syntax: "-v, --verbose",
  help: "say more on stderr; stacks of unexpected errors",
  group,
});

export const logFormat = choiceFlag({
  syntax: "--log-format <format>",
  help: "how stderr is written",
  group,
  env: "LLMSTACK_LOG_FORMAT",
  defaultText: "text",
  choices: ["text", "json"],
});

export const detailedExitcode = switchFlag({
  syntax: "--detailed-exitcode",
  help: "exit 2 when there are changes",
  group,
});

export const explain = switchFlag({
  syntax: "--explain",
  help: "say of each field which line, file or patch its value comes from",
  group,
});

export const out = textFlag({ syntax: "--out <file>", help: "save the plan, for apply FILE", group });

export const report = textFlag({
  syntax: "--report <file>",
  help: "write what became of every change, as JSON",
  group,
});

/** Every command takes these. */
export const commonFlags = [quiet, verbose, logFormat] as const;

export type ChangeFormat = "text" | "json" | "ndjson" | "markdown";

/** For what applies. */
export const changeOutput = outputFlag<ChangeFormat>(["text", "json", "ndjson", "markdown"]);

export type PlanFormat = ChangeFormat | "html";

/** A page is for what is looked at, not for what is done. */
export const planOutput = outputFlag<PlanFormat>(["text", "json", "ndjson", "markdown", "html"]);

export type DriftFormat = "text" | "json" | "markdown" | "html";

export const driftOutput = outputFlag<DriftFormat>(["text", "json", "markdown", "html"]);

/** A run that never ends has no one document; `changeOutput` reads the same flag. */
export const watchOutput = outputFlag(["text", "ndjson"]);
