import { textFlag } from "./flag.ts";
import { outputFlag } from "./output.ts";

export const outDir = textFlag({
  syntax: "--out-dir <dir>",
  help: "write one file an object there instead of printing them all",
  group: "Output",
});

export const secretName = textFlag({
  syntax: "--secret-name <name>",
  help: "name of the Secret whose keys stand for environment variables",
  group: "Options",
  defaultText: "llmstack-sync-env",
});

export const renderOutput = outputFlag(["yaml", "json"]);

export const renderFlags = [secretName, outDir, renderOutput] as const;
