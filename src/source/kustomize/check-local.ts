import { readFile, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import { load } from "js-yaml";
import { SyncError } from "../../model/errors.ts";
import { isArray, isObject } from "../../model/json.ts";

const FILE_NAMES = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/** A build of more folders than this is a mistake. */
const MOST_FOLDERS = 1000;

/** What leads to other folders and files: kustomize fetches what is not there. */
const MUST_BE_HERE = ["resources", "bases", "components"];
const MAY_BE_INLINE = ["crds", "configurations", "generators", "transformers", "validators", "patchesStrategicMerge"];

/**
 * Follows a kustomization through every folder that it builds on, and throws SyncError of class refused for anything
 * that would be fetched from elsewhere. Throws one of class usage where there is no kustomization.
 */
export async function checkLocal(folder: string, shown: string): Promise<void> {
  const seen = new Set<string>();
  const queue = [{ folder, shown }];
  for (const next of queue) {
    const real = await realpath(next.folder);
    if (seen.has(real)) continue;
    seen.add(real);
    if (seen.size > MOST_FOLDERS)
      throw new SyncError("refused", `${shown} builds on more than ${MOST_FOLDERS} folders`);
    const file = await readKustomization(next.folder, next.shown);
    for (const entry of listed(file, [...MUST_BE_HERE, ...MAY_BE_INLINE])) {
      const kind = await kindOf(join(next.folder, entry));
      if (kind === "folder") queue.push({ folder: join(next.folder, entry), shown: join(next.shown, entry) });
      else if (kind === "nothing" && (isAddress(entry) || listed(file, MUST_BE_HERE).includes(entry))) {
        throw notHere(next.shown, entry);
      }
    }
    const address = pathsIn(file).find(isAddress);
    if (address !== undefined) throw notHere(next.shown, address);
  }
}

async function readKustomization(folder: string, shown: string): Promise<Readonly<Record<string, unknown>>> {
  for (const name of FILE_NAMES) {
    const text = await readFile(join(folder, name), "utf8").catch(() => undefined);
    if (text === undefined) continue;
    const document = parse(text, join(shown, name));
    return isObject(document) ? document : {};
  }
  throw new SyncError("usage", `${shown} holds no kustomization.yaml`, {
    remedy: "-k takes the folder of a kustomization; other folders are named without it.",
  });
}

function parse(text: string, shown: string): unknown {
  try {
    return load(text);
  } catch (error) {
    const why = error instanceof Error ? error.message.split("\n")[0] : String(error);
    throw new SyncError("invalid_manifest", `${shown} is no YAML: ${why}`, { cause: error });
  }
}

function listed(file: Readonly<Record<string, unknown>>, keys: readonly string[]): readonly string[] {
  return keys.flatMap((key) => textsOf(file[key]));
}

/** Everything else that kustomize takes for a path, or for an address where it looks like one. */
function pathsIn(file: Readonly<Record<string, unknown>>): readonly string[] {
  const objects = ["patches", "patchesJson6902", "replacements"].flatMap((key) => objectsOf(file[key]));
  const generators = ["configMapGenerator", "secretGenerator"].flatMap((key) => objectsOf(file[key]));
  return [
    ...textsOf(isObject(file["openapi"]) ? [file["openapi"]["path"]] : []),
    ...textsOf(objects.map(({ path }) => path)),
    // `key=path`, or the path alone.
    ...generators.flatMap(({ files }) => textsOf(files)).map((entry) => entry.slice(entry.indexOf("=") + 1)),
    ...generators.flatMap(({ envs }) => textsOf(envs)),
    ...textsOf(generators.map(({ env }) => env)),
  ];
}

function textsOf(value: unknown): readonly string[] {
  return isArray<unknown>(value) ? value.filter((item) => typeof item === "string") : [];
}

function objectsOf(value: unknown): readonly { readonly [key: string]: unknown }[] {
  return isArray<unknown>(value) ? value.filter((item) => isObject(item)) : [];
}

/** As git and HTTP clients know them. */
function isAddress(entry: string): boolean {
  return /^(?:[a-z][a-z0-9+.-]*:(?:\/\/|:)|[^/\s]+@[^/\s]+:)/iu.test(entry);
}

async function kindOf(path: string): Promise<"folder" | "file" | "nothing"> {
  const found = await stat(path).catch(() => undefined);
  return found === undefined ? "nothing" : found.isDirectory() ? "folder" : "file";
}

function notHere(shown: string, entry: string): SyncError {
  return new SyncError("refused", `the kustomization in ${shown} names ${entry}, which is no file or folder here`, {
    remedy:
      "Nothing is fetched for -k: copy it beside the manifests, or run kustomize yourself and pass its output as -.",
  });
}
