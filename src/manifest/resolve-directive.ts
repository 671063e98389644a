import { type Problem } from "../model/problem.ts";
import { Secret, type SecretSource } from "../model/template.ts";
import type { FoundDirective } from "./find-directives.ts";
import { type ValueSource } from "./find-values.ts";
import { type LoadedFile, type LoadedFiles, wantedKey } from "./loaded-files.ts";
import { problemAt, type Site } from "./site.ts";
import { wantedByPath } from "./wanted-files.ts";

/** What directives are resolved with. */
export interface Resolution {
  readonly files: LoadedFiles;
  env(name: string): string | undefined;
  readonly values: ValueSource;
  /** `warning`: a secret that is missing is empty, so that manifests can be checked without them. */
  readonly missingSecrets: "error" | "warning";
  readonly problems: Problem[];
}

/** Text or a secret for every directive but `$ref`; undefined, with a problem, where there is none. */
export function resolveText(
  site: Site,
  directive: Exclude<FoundDirective, { name: "$ref" }>,
  resolution: Resolution,
): string | Secret | undefined {
  switch (directive.name) {
    case "$env":
      return resolveSecret(site, directive, resolution, { $env: directive.argument });
    case "$secret":
      return resolveSecret(site, directive, resolution, { $secret: directive.argument });
    case "$configMap":
      return resolveConfigMap(site, directive, resolution);
    case "$file":
    default:
      return resolveFile(site, directive, resolution);
  }
}

function resolveConfigMap(
  site: Site,
  directive: Extract<FoundDirective, { name: "$configMap" }>,
  resolution: Resolution,
): string | undefined {
  const { name, key } = directive.argument;
  const text = resolution.values.text("ConfigMap", name, key);
  if (typeof text === "string") return text;
  report(site, directive, resolution, text.missing, resolution.missingSecrets);
  return resolution.missingSecrets === "warning" ? "" : undefined;
}

function resolveSecret(
  site: Site,
  directive: FoundDirective,
  resolution: Resolution,
  source: SecretSource,
): Secret | undefined {
  const found =
    "$env" in source
      ? (resolution.env(source.$env) ?? { missing: `the environment variable ${source.$env} is not set` })
      : resolution.values.text("Secret", source.$secret.name, source.$secret.key);
  // An empty secret is one that a CI system did not hand out.
  if (typeof found === "string" && found !== "") return new Secret(source, found);
  const what =
    "$env" in source ? `the environment variable ${source.$env}` : `this value of the Secret ${source.$secret.name}`;
  report(
    site,
    directive,
    resolution,
    typeof found === "string" ? `${what} is empty` : found.missing,
    resolution.missingSecrets,
  );
  return resolution.missingSecrets === "warning" ? new Secret(source, "") : undefined;
}

function resolveFile(
  site: Site,
  directive: Extract<FoundDirective, { name: "$file" }>,
  resolution: Resolution,
): string | undefined {
  const file = loadedFile(site, directive, resolution);
  if (file === undefined || !("text" in file)) return undefined;
  if (!file.text.includes("\0")) return file.text;
  report(site, directive, resolution, `${directive.argument} is no text: it holds NUL characters`, "error");
  return undefined;
}

/** The file that a `$file` names; undefined, with a problem, where it could not be loaded. */
export function loadedFile(
  site: Site,
  directive: Extract<FoundDirective, { name: "$file" }>,
  resolution: Resolution,
): LoadedFile | undefined {
  const want = wantedByPath(site, directive.argument, directive.as);
  if (typeof want === "string") return undefined;
  const loaded = resolution.files.get(wantedKey(want));
  const file = loaded !== undefined && "files" in loaded ? loaded.files[0] : undefined;
  if (file !== undefined) return file;
  const why = loaded !== undefined && "failure" in loaded ? `: ${loaded.failure}` : "";
  report(site, directive, resolution, `the file ${directive.argument} cannot be read${why}`, "error");
  return undefined;
}

/** A directive that resolves to nothing, at its place. */
export function report(
  site: Site,
  directive: Pick<FoundDirective, "pointer">,
  resolution: Pick<Resolution, "problems">,
  message: string,
  severity: "error" | "warning",
): void {
  resolution.problems.push(problemAt(site, directive.pointer, { severity, code: "directive/unresolved", message }));
}
