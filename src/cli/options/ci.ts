import { badValue, choiceFlag, listFlag, parsedFlag, switchFlag, textFlag } from "./flag.ts";
import { parseKeyName } from "./parsers.ts";

const group = "Pull requests";

export const event = textFlag({
  syntax: "--event <file>",
  help: "document of what happened; else the job's own (GITHUB_EVENT_PATH, CI_*)",
  group,
});

export const forge = choiceFlag({
  syntax: "--forge <name>",
  help: "who runs the job; found out from its environment otherwise",
  group,
  choices: ["github", "gitlab", "gitea", "plain"],
});

export const repository = textFlag({
  syntax: "--repository <url>",
  help: "where git fetches from; else the repository of the event",
  group,
});

export const manifestPath = textFlag({
  syntax: "--path <folder>",
  help: "folder of the manifests in the repository; else paths: of its project file",
  group,
});

export const config = textFlag({
  syntax: "--config <path>",
  help: "project file in the repository, read from the base branch",
  group,
  defaultText: "llmstack-sync.yaml",
});

export const target = parsedFlag({
  syntax: "--target <name>",
  help: "the environment this is for: each has its own comment",
  group,
  env: "LLMSTACK_TARGET",
  defaultText: "default",
  parse: parseKeyName,
});

export const branch = textFlag({
  syntax: "--branch <name>",
  help: "branch whose pushes are applied; else the repository's default branch",
  group,
});

export const mode = choiceFlag<"plan" | "apply">({
  syntax: "--mode <what>",
  help: "for a run that is started by hand",
  group,
  defaultText: "plan",
  choices: ["plan", "apply"],
});

export const accept = listFlag({
  syntax: "--accept <ids>",
  help: "change ids that nobody reviewed and that may be applied; comma-separated, repeatable",
  group,
  parse: parseChangeIds,
});

export const pullRequest = parsedFlag({
  syntax: "--pull-request <number>",
  help: "by hand: the pull request to plan, or to report on",
  group,
  parse: (text) => {
    if (!/^[1-9]\d{0,8}$/u.test(text)) throw badValue(text, "the number of a pull request");
    return Number(text);
  },
});

export const since = parsedFlag({
  syntax: "--since <commit>",
  help: "the revision applied last, where no comment tells",
  group,
  parse: (text) => {
    if (!/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/u.test(text)) throw badValue(text, "a full commit id");
    return text;
  },
});

export const onUnreviewed = choiceFlag<"hold" | "fail" | "apply">({
  syntax: "--on-unreviewed <what>",
  help: "what becomes of changes that no pull request showed",
  group,
  defaultText: "hold",
  choices: ["hold", "fail", "apply"],
});

const ALARMS = ["delete", "replace", "hold", "unexplained"] as const;

export type Alarm = (typeof ALARMS)[number];

export const failOn = listFlag<readonly Alarm[]>({
  syntax: "--fail-on <kinds>",
  help: "exit 2 when a pull request means these: delete, replace, hold, unexplained; comma-separated",
  group,
  parse: (text) =>
    text
      .split(",")
      .filter((word) => word.trim() !== "")
      .map((word) => {
        const alarm = ALARMS.find((known) => known === word.trim());
        if (alarm === undefined) throw badValue(word, `one of ${ALARMS.join(", ")}`);
        return alarm;
      }),
});

export const comment = choiceFlag<"auto" | "never" | "changes">({
  syntax: "--comment <when>",
  help: "auto: once something changes; changes: only while something does",
  group,
  defaultText: "auto",
  choices: ["auto", "never", "changes"],
});

export const requireComment = switchFlag({
  syntax: "--require-comment",
  help: "exit 4 when a comment could not be written",
  group,
});

export const driftIssue = switchFlag({
  syntax: "--drift-issue",
  help: "scheduled runs keep one issue that is open while there is drift",
  group,
});

export const forgeTokenFile = textFlag({
  syntax: "--forge-token-file <file>",
  help: "file with the forge's token; else LLMSTACK_FORGE_TOKEN, or the job's own",
  group,
  env: "LLMSTACK_FORGE_TOKEN_FILE",
});

export const sarif = textFlag({ syntax: "--sarif <file>", help: "write problems for code scanning", group: "Output" });

export const codequality = textFlag({
  syntax: "--codequality <file>",
  help: "write problems as GitLab's code quality report",
  group: "Output",
});

export const planOut = textFlag({ syntax: "--plan-out <file>", help: "write the plan as JSON", group: "Output" });

export const planHtml = textFlag({
  syntax: "--plan-html <file>",
  help: "write the plan as one page that needs nothing beside itself",
  group: "Output",
});

export const annotations = choiceFlag<"auto" | "never">({
  syntax: "--annotations <when>",
  help: "problems beside the lines they are in",
  group: "Output",
  defaultText: "auto",
  choices: ["auto", "never"],
});

export const stepSummary = choiceFlag<"auto" | "never">({
  syntax: "--step-summary <when>",
  help: "the plan on the page of the run",
  group: "Output",
  defaultText: "auto",
  choices: ["auto", "never"],
});

export const ciFlags = [
  event,
  forge,
  repository,
  manifestPath,
  config,
  target,
  branch,
  mode,
  accept,
  pullRequest,
  since,
  onUnreviewed,
  failOn,
  comment,
  requireComment,
  driftIssue,
  forgeTokenFile,
  sarif,
  codequality,
  planOut,
  planHtml,
  annotations,
  stepSummary,
] as const;

function parseChangeIds(text: string): readonly string[] {
  const ids = text.split(/[\s,]+/u).filter((word) => word !== "");
  const bad = ids.find((id) => !/^[0-9a-f]{12,64}$/u.test(id));
  if (bad !== undefined) throw badValue(bad, "a change id: 12 hex digits, as the comment shows them");
  return ids;
}
