import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import leven from "leven";
import { isArray, isObject } from "../model/json.ts";
import { SyncError } from "../model/errors.ts";
import type { FlagValues } from "./flag-values.ts";
import { given } from "./given.ts";
import type { Io } from "./io.ts";
import type { Flag } from "./options/flag.ts";
import * as changes from "./options/changes.ts";
import * as server from "./options/server.ts";

/** Values by file key, as they stand in a file, and where that was. */
export interface SettingsLayer {
  readonly path: string;
  readonly values: Readonly<Record<string, string>>;
  /** What to read where no path is given, as it stands there; undefined where nothing is said. */
  readonly paths?: readonly string[];
  /** There are `patches`, which context-patches.ts reads. */
  readonly hasPatches: boolean;
  /** Variables that manifests may use in a CI job; undefined where nothing is said. */
  readonly env?: readonly string[];
}

/** One settings file: what holds always, and what holds in a context. */
export interface SettingsFile {
  readonly path: string;
  readonly text: string;
  readonly common: SettingsLayer;
  readonly contexts: ReadonlyMap<string, SettingsLayer>;
}

const PROJECT_FILE = "llmstack-sync.yaml";
const KEYS = fileKeys();

/** The project file nearest to where the person stands, up to the root of the repository; undefined without one. */
export async function readProjectFile(flags: FlagValues, io: Io): Promise<SettingsFile | undefined> {
  const named = flags.get(server.project) ?? io.env["LLMSTACK_PROJECT"];
  const path = named === undefined ? findUpwards(io.cwd) : resolve(io.cwd, named);
  if (path === undefined) return undefined;
  const file = await readSettingsFile(path);
  if (file === undefined) throw new SyncError("usage", `the project file ${path} does not exist`);
  return withoutToken(file, io);
}

/** A project file whose text came from elsewhere than the disk. Throws SyncError. */
export async function parseProjectFile(path: string, text: string, io: Io): Promise<SettingsFile> {
  return withoutToken(await parseSettingsFile(path, text), io);
}

function withoutToken(file: SettingsFile, io: Io): SettingsFile {
  const { path } = file;
  for (const { values } of [file.common, ...file.contexts.values()]) {
    if (values["tokenFile"] === undefined) continue;
    throw new SyncError(
      "refused",
      `${path} names a tokenFile: a file in a repository may not say which token is sent`,
      {
        remedy: `move tokenFile to ${userFilePath(io)}, or set LLMSTACK_TOKEN`,
      },
    );
  }
  return file;
}

/** The user's own file with contexts and tokens; undefined without one. */
export async function readUserFile(io: Io): Promise<SettingsFile | undefined> {
  const file = await readSettingsFile(userFilePath(io));
  const layers = file === undefined ? [] : [...file.contexts.values()];
  if (layers.some(({ hasPatches }) => hasPatches)) {
    throw badFile(userFilePath(io), "patches belong to the manifests: write them into the project file beside these");
  }
  return file;
}

export function userFilePath(io: Io): string {
  return join(io.folders.config, "config.yaml");
}

function findUpwards(folder: string): string | undefined {
  const path = join(folder, PROJECT_FILE);
  if (existsSync(path)) return path;
  const parent = dirname(folder);
  return parent === folder || existsSync(join(folder, ".git")) ? undefined : findUpwards(parent);
}

async function readSettingsFile(path: string): Promise<SettingsFile | undefined> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return;
    throw new SyncError("usage", `cannot read the settings file ${path}: ${error.message}`, { cause: error });
  });
  return text === undefined ? undefined : parseSettingsFile(path, text);
}

async function parseSettingsFile(path: string, text: string): Promise<SettingsFile> {
  const document = (await parseYaml(path, text)) ?? {};
  if (!isObject(document)) throw badFile(path, "it must be a map of settings");
  const { contexts, apiVersion: _version, kind: _kind, ...common } = document;
  if (contexts === undefined || contexts === null) {
    return { path, text, common: layer(path, common, ""), contexts: new Map() };
  }
  if (!isObject(contexts)) throw badFile(path, "contexts must be a map of names to settings");
  return {
    path,
    text,
    common: layer(path, common, ""),
    contexts: new Map(
      Object.entries(contexts).map(([name, values]) => {
        if (!isObject(values)) throw badFile(path, `contexts.${name} must be a map of settings`);
        return [name, layer(path, values, `contexts.${name}.`)] as const;
      }),
    ),
  };
}

async function parseYaml(path: string, text: string): Promise<unknown> {
  const { load, YAMLException } = await import("js-yaml");
  try {
    return load(text);
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    // Its message quotes the lines around, and a line of settings may hold what nobody should see.
    const { reason, mark } = error;
    throw badFile(path, mark === undefined ? reason : `${reason} (line ${mark.line + 1}, column ${mark.column + 1})`);
  }
}

function layer(path: string, settings: Readonly<Record<string, unknown>>, prefix: string): SettingsLayer {
  const { paths, env, patches, ...values } = settings;
  const hasPatches = patches !== undefined && patches !== null;
  if (hasPatches && prefix === "") throw badFile(path, "patches stand in a context: contexts.NAME.patches");
  const texts = Object.entries(values).flatMap(([key, value]) => {
    if (!KEYS.has(key)) throw badFile(path, `${prefix}${key} is not a setting${didYouMean(key)}`);
    if (value === null) return [];
    if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") {
      throw badFile(path, `${prefix}${key} must be one value`);
    }
    return [[key, String(value)] as const];
  });
  return {
    path,
    values: Object.fromEntries(texts),
    hasPatches,
    ...given("paths", listOf(path, `${prefix}paths`, paths)),
    ...given("env", listOf(path, `${prefix}env`, env)),
  };
}

function listOf(path: string, key: string, value: unknown): readonly string[] | undefined {
  if (value === undefined || value === null) return undefined;
  if (isArray<unknown>(value) && value.every((item) => typeof item === "string")) return value;
  throw badFile(path, `${key} must be a list of texts`);
}

function didYouMean(key: string): string {
  const [near] = [...KEYS]
    .map((known) => ({ known, distance: leven(key, known) }))
    .toSorted((a, b) => a.distance - b.distance);
  return near !== undefined && near.distance <= 3
    ? `; did you mean ${near.known}?`
    : `; known: ${[...KEYS].join(", ")}`;
}

export function badFile(path: string, what: string): SyncError {
  return new SyncError("usage", `settings file ${path}: ${what}`);
}

function fileKeys(): ReadonlySet<string> {
  const flags: readonly Flag<unknown>[] = [
    ...server.serverFlags,
    ...changes.manifestFlags,
    ...changes.policyFlags,
    changes.entryTimeout,
  ];
  return new Set(flags.flatMap(({ fileKey }) => fileKey ?? []));
}
