import { dirname } from "node:path/posix";
import { buildDesired, type Built } from "../../src/manifest/build-desired.ts";
import { type Loaded, wantedKey } from "../../src/manifest/loaded-files.ts";
import { readManifests } from "../../src/manifest/read-manifests.ts";

interface TextFile {
  readonly path: string;
  readonly text: string;
}

/** What the command line would make of a folder of such files. Every environment variable is its own name, twice. */
export function readBack(files: readonly TextFile[]): Built {
  const visible = files.filter(({ path }) => !path.split("/").some((part) => part.startsWith(".")));
  const manifests = readManifests(
    visible
      .filter(({ path }) => path.endsWith(".yaml"))
      .map(({ path, text }) => ({ path, text, root: "r", directory: dirname(path) === "." ? "" : dirname(path) })),
  );
  const loaded = manifests.wanted.map((wanted): readonly [string, Loaded] => {
    const file = "path" in wanted ? visible.find(({ path }) => path === wanted.path) : undefined;
    return [wantedKey(wanted), file === undefined ? { failure: "it is not there" } : { files: [file] }];
  });
  return buildDesired(manifests, {
    files: new Map(loaded),
    env: (name) => `${name}${name}`,
    secretFiles: new Map(),
    missingSecrets: "error",
  });
}
