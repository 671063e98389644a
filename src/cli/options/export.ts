import { choiceFlag, switchFlag, textFlag } from "./flag.ts";
import { outputFlag } from "./output.ts";

const group = "Options";

export const force = switchFlag({
  syntax: "--force",
  help: "overwrite files that are there and differ",
  group,
});

export const entries = choiceFlag<"own" | "all">({
  syntax: "--entries <which>",
  help: "'all' writes entries too that others added; applying them adds them again",
  group,
  defaultText: "own",
  choices: ["own", "all"],
});

export const schemaBase = textFlag({
  syntax: "--schemas <where>",
  help: "address or path where editors find the JSON Schemas; else they are written into .schemas/",
  group,
});

export const exportOutput = outputFlag(["text", "json"]);

export const exportFlags = [force, entries, schemaBase, exportOutput] as const;
