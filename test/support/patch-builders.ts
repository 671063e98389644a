import { readPatches } from "../../src/manifest/patch/read-patches.ts";
import { placesIn } from "../../src/manifest/yaml/places.ts";
import { readYaml } from "../../src/manifest/yaml/read-yaml.ts";
import type { Patch } from "../../src/model/patch.ts";

/** The patches of a YAML list, as a file `patches.yaml` of the context `production` has them. */
export function patchesFrom(yaml: string): readonly Patch[] {
  const places = placesIn(yaml);
  const { patches, faults } = readPatches(readYaml(yaml).documents[0]?.value ?? null, {
    path: "patches.yaml",
    of: "context production",
    find: (at) => places.find(0, at, "value"),
  });
  if (faults.length > 0) throw new Error(faults.map(({ pointer, message }) => `${pointer}: ${message}`).join("\n"));
  return patches;
}
