import { choiceFlag, switchFlag } from "./flag.ts";
import { outputFlag } from "./output.ts";

export type ValidateFormat = "text" | "json" | "sarif" | "junit" | "github";

export const validateOutput = outputFlag<ValidateFormat>(["text", "json", "sarif", "junit", "github"]);

export const target = choiceFlag<"kubernetes">({
  syntax: "--for <target>",
  help: "also check what this target asks for",
  group: "Manifests",
  choices: ["kubernetes"],
});

export const requireSecrets = switchFlag({
  syntax: "--require-secrets",
  help: "a secret that cannot be found is an error, not a warning",
  group: "Manifests",
});
