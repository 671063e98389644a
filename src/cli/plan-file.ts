import { readFile, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { kinds } from "../kinds/index.ts";
import { valueSource } from "../manifest/find-values.ts";
import { parseSymbolic } from "../manifest/parse-template.ts";
import { readManifests } from "../manifest/read-manifests.ts";
import { SyncError } from "../model/errors.ts";
import { isArray, isObject, type JsonObject } from "../model/json.ts";
import type { FileBody } from "../model/resource.ts";
import type { Source } from "../model/source.ts";
import type { SecretSource } from "../model/template.ts";
import { parseSavedPlan, type SavedPlan } from "../plan/parse-saved-plan.ts";
import { savePlan } from "../plan/saved-plan.ts";
import type { Decision, Values } from "../pipeline.ts";
import { loadBody } from "../source/load-file.ts";
import type { Io } from "./io.ts";

/** The plan as `plan -o json` prints it and `apply FILE` reads it: with the paths that it was made from. */
export function planDocument({ plan, asked }: Pick<Decision, "plan" | "asked">, paths: readonly string[]): JsonObject {
  return { ...savePlan(plan, asked.desired, kinds), paths };
}

/** The JSON of a plan file; undefined where the path leads to something else, which are manifests then. */
export async function readPlanFile(path: string, { cwd }: Io): Promise<JsonObject | undefined> {
  const absolute = resolve(cwd, path);
  const found = await stat(absolute).catch(() => undefined);
  if (found?.isFile() !== true) return undefined;
  const text = await readFile(absolute, "utf8");
  if (!text.trimStart().startsWith("{")) return undefined;
  const value = parseJson(text);
  return isObject(value) && value["kind"] === "Plan" ? (value as JsonObject) : undefined;
}

/** The manifests that paths lead to. */
type OpenAgain = (paths: readonly string[]) => Promise<Source>;

/** What the file says, with secrets and files from where the plan had them. Throws SyncError. */
export async function parsePlanFile(document: JsonObject, values: Values, open: OpenAgain): Promise<SavedPlan> {
  const source = await openAgain(document, open);
  const documents = source === undefined ? [] : readManifests(source.files, [], values.patches).values;
  const secrets = valueSource(documents, undefined, values.secretFiles);
  return parseSavedPlan(document, {
    parseTemplate: (value, kind) =>
      parseSymbolic(value, kind, (from) => secretValue(from, (name, key) => secrets.text("Secret", name, key), values)),
    openFile: (file) => ({ ...file, read: () => readAgain(file, source) }),
  });
}

/** The manifests that the plan was made from, where they are still there: Secret documents and entry files. */
async function openAgain({ paths }: JsonObject, open: OpenAgain): Promise<Source | undefined> {
  if (!isArray<unknown>(paths) || !paths.every((path) => typeof path === "string")) return undefined;
  try {
    return await open(paths.filter((path) => path !== "-"));
  } catch (error) {
    if (error instanceof SyncError) return undefined;
    throw error;
  }
}

function secretValue(
  source: SecretSource,
  find: (name: string, key: string) => string | { readonly missing: string },
  values: Values,
): string {
  if ("$env" in source) {
    const value = values.env(source.$env);
    if (value !== undefined) return value;
    throw missing(`the environment has no ${source.$env}`);
  }
  const found = find(source.$secret.name, source.$secret.key);
  if (typeof found === "string") return found;
  throw missing(found.missing);
}

function missing(why: string): SyncError {
  return new SyncError("invalid_manifest", `the plan needs a secret, and ${why}`, {
    remedy: "A plan file holds no secrets: set the variable, pass --secrets-dir, or run it where the manifests are.",
  });
}

/** Entry bodies are not in the file: the same bytes have to be where they were. */
async function* readAgain(
  { path, sha256 }: Omit<FileBody, "read">,
  source: Source | undefined,
): AsyncIterable<Uint8Array> {
  const roots = new Set(source?.files.map(({ root }) => root));
  for (const root of roots) {
    const body = source === undefined ? undefined : await loadBody(source, root, path).catch(() => undefined);
    if (body?.sha256 !== sha256) continue;
    yield* body.read();
    return;
  }
  throw new SyncError("stale_plan", `${path} is not what it was when the plan was made, or is not here`, {
    remedy: "Run it where the manifests are, or plan again.",
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
