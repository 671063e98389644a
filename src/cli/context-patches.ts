import { relative } from "node:path";
import { readPatches } from "../manifest/patch/read-patches.ts";
import { placesIn } from "../manifest/yaml/places.ts";
import { readYaml } from "../manifest/yaml/read-yaml.ts";
import { isObject, type Json, own } from "../model/json.ts";
import type { Patch } from "../model/patch.ts";
import { pointer } from "../model/pointer.ts";
import type { Io } from "./io.ts";
import { badFile, type SettingsFile } from "./settings-files.ts";

/**
 * The `patches` of a context of the project file, read like manifests because they become parts of them. Throws
 * SyncError of class usage with the place of the first that is none.
 */
export function contextPatches(
  file: SettingsFile | undefined,
  context: string | undefined,
  { cwd }: Io,
): readonly Patch[] {
  if (file === undefined || context === undefined || file.contexts.get(context)?.hasPatches !== true) return [];
  const places = placesIn(file.text);
  const { documents, faults } = readYaml(file.text);
  const [badYaml] = faults;
  if (badYaml !== undefined) throw badPlace(file, places.range(badYaml.start, badYaml.end), badYaml.message);
  const path = ["contexts", context, "patches"];
  const value = path.reduce<Json | undefined>(
    (outer, key) => (outer !== undefined && isObject(outer) ? own(outer, key) : undefined),
    documents[0]?.value,
  );
  const find = (at: string): ReturnType<typeof places.find> => places.find(0, pointer(...path) + at, "value");
  const shown = relative(cwd, file.path);
  const { patches, faults: wrong } = readPatches(value ?? [], { path: shown, of: `context ${context}`, find });
  const [first] = wrong;
  if (first !== undefined) throw badPlace(file, find(first.pointer), `contexts.${context}.patches: ${first.message}`);
  return patches;
}

function badPlace(
  { path }: SettingsFile,
  { line, column }: { readonly line: number; readonly column: number },
  message: string,
): Error {
  return badFile(`${path}:${line}:${column}`, message);
}
