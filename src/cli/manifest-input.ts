import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { SyncError } from "../model/errors.ts";
import type { Source } from "../model/source.ts";
import type { Values } from "../pipeline.ts";
import { openDirectory } from "../source/directory.ts";
import type { Invocation } from "./command-row.ts";
import type { Io } from "./io.ts";
import * as options from "./options/changes.ts";
import type { Settings } from "./settings.ts";

/** The manifests that paths lead to, from where the person stands. Throws SyncError. */
export async function openPaths(paths: readonly string[], io: Io): Promise<Source> {
  return openDirectory(paths, { cwd: io.cwd, readStdin: () => io.readStdin() });
}

/** What the command line names, else the project file. Throws SyncError of class usage where nobody names a path. */
export function namedPaths({ args, flags, row }: Invocation, settings: Settings): readonly string[] {
  const named = [...args, ...flags.list(options.file)];
  const paths = named.length > 0 ? named : settings.paths;
  if (paths.length > 0) return paths;
  throw new SyncError("usage", "no manifests named", {
    remedy: `llmstack-sync ${row.name} PATH… (files, folders or globs; - is stdin), or paths: in llmstack-sync.yaml`,
  });
}

/** What directives may take from this process. */
export async function readValues(
  settings: Settings,
  io: Io,
  missingSecrets: Values["missingSecrets"],
): Promise<Values> {
  const folder = settings.path(options.secretsDir);
  return {
    // A manifest could otherwise put the token itself into a prompt.
    env: (name) => (name === "LLMSTACK_TOKEN" ? undefined : io.env[name]),
    secretFiles: folder === undefined ? new Map() : await readSecretFiles(folder),
    missingSecrets,
    patches: settings.patches,
  };
}

/** `<name>/<key>` files, as Kubernetes mounts them: links allowed, hidden ones (`..data`) left out. */
async function readSecretFiles(folder: string): Promise<ReadonlyMap<string, string>> {
  try {
    const names = await visible(folder);
    const files = await Promise.all(
      names.map(async (name) => (await visible(join(folder, name))).map((key) => `${name}/${key}`)),
    );
    return new Map(
      await Promise.all(files.flat().map(async (path) => [path, await readFile(join(folder, path), "utf8")] as const)),
    );
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new SyncError("usage", `--secrets-dir: ${why}`, {
      cause: error,
      remedy: "It takes a folder of folders: DIR/<name>/<key>, one file a value.",
    });
  }
}

async function visible(folder: string): Promise<readonly string[]> {
  return (await readdir(folder)).filter((name) => !name.startsWith(".")).toSorted();
}
