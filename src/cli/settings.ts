import { realpathSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { SyncError } from "../model/errors.ts";
import type { Patch } from "../model/patch.ts";
import { contextPatches } from "./context-patches.ts";
import { type FlagValues, parseFlag } from "./flag-values.ts";
import type { Io } from "./io.ts";
import { type Flag, longName } from "./options/flag.ts";
import * as server from "./options/server.ts";
import { readProjectFile, readUserFile, type SettingsFile, type SettingsLayer } from "./settings-files.ts";

export type SettingOrigin = "flag" | "environment" | "project file" | "user file";

/** A value and who said it. */
export interface Setting<T> {
  readonly value: T;
  readonly origin: SettingOrigin;
  /** The flag, the variable, or the path of the file. */
  readonly place: string;
}

/** Flag, then LLMSTACK_* environment, then project file, then user file; in a file its context before the rest. */
export interface Settings {
  find<T>(flag: Flag<T>): Setting<T> | undefined;
  get<T>(flag: Flag<T>): T | undefined;
  /** A path, absolute. One that a project file names must stay inside that file's folder. */
  path(flag: Flag<string>): string | undefined;
  /** Manifest paths of the project file, relative to where the person stands; empty without any. */
  readonly paths: readonly string[];
  /** Variables that manifests may use in a CI job, as the project file says. */
  readonly allowedEnv: readonly string[];
  readonly context: string | undefined;
  /** What the context of the project file changes in manifests. */
  readonly patches: readonly Patch[];
  readonly user: SettingsFile | undefined;
}

interface SettingsSetup {
  readonly row: { readonly flags: readonly Flag<unknown>[] };
  readonly flags: FlagValues;
  readonly io: Io;
  /** In place of the project file on disk: of another revision, say. */
  readonly project?: SettingsFile | "none";
}

interface Layer {
  readonly origin: SettingOrigin;
  text(flag: Flag<unknown>): { readonly text: string; readonly place: string } | undefined;
}

/**
 * Reads the files and puts the four layers together. Throws SyncError of class usage for a context nobody defines, and
 * for a bad value of any flag of the command wherever it was said.
 */
export async function loadSettings({ row, flags, io, project: other }: SettingsSetup): Promise<Settings> {
  const onDisk = other === undefined ? readProjectFile(flags, io) : other === "none" ? undefined : other;
  const [project, user] = await Promise.all([onDisk, readUserFile(io)]);
  const spoken: readonly Layer[] = [flagLayer(flags), environmentLayer(io)];
  const common = [fileLayer("project file", project?.common), fileLayer("user file", user?.common)];
  const context = find([...spoken, ...common], server.context)?.value;
  requireContext(context, project, user);
  const inProject = layersOf(project, context);
  const layers = [
    ...spoken,
    ...inProject.map((layer) => fileLayer("project file", layer)),
    ...layersOf(user, context).map((layer) => fileLayer("user file", layer)),
  ];
  for (const flag of row.flags) find(layers, flag);
  return {
    find: (flag) => find(layers, flag),
    get: (flag) => find(layers, flag)?.value,
    path: (flag) => absolutePath(find(layers, flag), longName(flag), io),
    paths: pathsOf(inProject, io),
    allowedEnv: inProject.find(({ env }) => env !== undefined)?.env ?? [],
    context,
    patches: contextPatches(project, context, io),
    user,
  };
}

/** What the file says in this context, then what it says always. */
function layersOf(file: SettingsFile | undefined, context: string | undefined): readonly SettingsLayer[] {
  if (file === undefined) return [];
  const chosen = context === undefined ? undefined : file.contexts.get(context);
  return chosen === undefined ? [file.common] : [chosen, file.common];
}

function pathsOf(layers: readonly SettingsLayer[], { cwd }: Io): readonly string[] {
  const layer = layers.find(({ paths }) => paths !== undefined);
  const fromHere = (path: string): string => relative(cwd, resolve(dirname(layer?.path ?? cwd), path)) || ".";
  // An address in Git is the same from everywhere.
  return (layer?.paths ?? []).map((path) =>
    /^[A-Za-z][A-Za-z0-9+.-]*:|^[^/@]+@[^/:]+:/u.test(path) ? path : fromHere(path),
  );
}

function find<T>(layers: readonly Layer[], flag: Flag<T>): Setting<T> | undefined {
  for (const layer of layers) {
    const found = layer.text(flag);
    if (found === undefined) continue;
    return { value: parseFlag(flag, found.text, found.place), origin: layer.origin, place: found.place };
  }
  return undefined;
}

function flagLayer(flags: FlagValues): Layer {
  return {
    origin: "flag",
    text: (flag) => {
      const text = flags.text(flag);
      return text === undefined ? undefined : { text, place: longName(flag) };
    },
  };
}

/** An empty variable counts as absent: CI systems set what they do not have to "". */
function environmentLayer({ env }: Io): Layer {
  return {
    origin: "environment",
    text: ({ env: name }) => {
      const text = name === undefined ? undefined : env[name];
      return name === undefined || text === undefined || text === "" ? undefined : { text, place: name };
    },
  };
}

function fileLayer(origin: SettingOrigin, layer: SettingsLayer | undefined): Layer {
  return {
    origin,
    text: ({ fileKey }) => {
      const text = fileKey === undefined ? undefined : layer?.values[fileKey];
      return text === undefined || layer === undefined ? undefined : { text, place: layer.path };
    },
  };
}

function requireContext(
  context: string | undefined,
  project: SettingsFile | undefined,
  user: SettingsFile | undefined,
): void {
  if (context === undefined || project?.contexts.has(context) === true || user?.contexts.has(context) === true) return;
  const known = [...new Set([...(project?.contexts.keys() ?? []), ...(user?.contexts.keys() ?? [])])].toSorted();
  throw new SyncError("usage", `no settings file has a context named ${JSON.stringify(context)}`, {
    remedy:
      known.length === 0 ? "define it under contexts: in llmstack-sync.yaml" : `known contexts: ${known.join(", ")}`,
  });
}

function absolutePath(setting: Setting<string> | undefined, name: string, io: Io): string | undefined {
  if (setting === undefined) return undefined;
  const isFromFile = setting.origin === "project file" || setting.origin === "user file";
  const path = resolve(isFromFile ? dirname(setting.place) : io.cwd, setting.value);
  if (setting.origin === "project file" && isOutside(dirname(setting.place), path)) {
    throw new SyncError("refused", `${setting.place} names ${setting.value}, which is outside its own folder`, {
      remedy: `pass ${name} ${setting.value} yourself if you mean it`,
    });
  }
  return path;
}

function isOutside(folder: string, path: string): boolean {
  const way = relative(realPath(folder), realPath(path));
  return way === ".." || way.startsWith(`..${process.platform === "win32" ? "\\" : "/"}`) || resolve(way) === way;
}

/** Links resolved; a path that does not exist is itself, and fails later where it is read. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
