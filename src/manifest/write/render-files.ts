import type { Note } from "../../model/plan.ts";
import type { Problem } from "../../model/problem.ts";
import type { LoadedFiles } from "../loaded-files.ts";
import type { Manifest, Manifests } from "../manifest.ts";
import type { OutputFile } from "./export-files.ts";
import { renderManifest } from "./render-manifest.ts";
import { configMapFile, valueStore } from "./render-values.ts";
import { uniqueNames } from "./unique-names.ts";
import { yamlText } from "./yaml-text.ts";

export interface RenderInputs {
  /** What the manifests ask for beside themselves. */
  readonly files: LoadedFiles;
  /** The content of every file that was loaded as bytes, by sha256. */
  readonly bytes: ReadonlyMap<string, Uint8Array>;
  /** metadata.name of the Secret whose keys stand for environment variables. */
  readonly secretName: string;
}

export interface Rendered {
  /** One object a file, sorted by path. */
  readonly files: readonly OutputFile[];
  /** Environment variables that must be keys of the Secret `secretName`, sorted. */
  readonly variables: readonly string[];
  /** What a cluster cannot hold; with an error among them the files are not complete. */
  readonly problems: readonly Problem[];
  readonly notes: readonly Note[];
}

/**
 * Sound manifests in the form that needs nothing beside itself: files in ConfigMaps, environment variables as keys of a
 * Secret, globs as the entries they match. Secrets are never written. Kubectl takes it, the command line reads it as
 * the same desired state, and the same manifests give the same bytes.
 */
export function renderFiles({ manifests, values }: Manifests, inputs: RenderInputs): Rendered {
  const configMaps = values.filter(({ kind }) => kind === "ConfigMap");
  const claim = uniqueNames(configMaps.map(({ name }) => name));
  const sorted = manifests.toSorted((a, b) => compare(a.key, b.key));
  const variables = new Set<string>();
  const problems: Problem[] = [];
  const render = (manifest: Manifest): readonly OutputFile[] => {
    const store = valueStore(`${label(manifest)}-files`, manifest.namespace, claim);
    const directives = new Map(manifest.directives.map((directive) => [directive.pointer, directive]));
    const body = renderManifest(manifest, { ...inputs, directives, store, variables, problems });
    return [{ path: `${label(manifest)}.yaml`, text: yamlText(body) }, ...store.files()];
  };
  const given = configMaps.map(({ name, namespace, texts, bytes }) =>
    configMapFile(name, namespace, {
      data: Object.fromEntries(texts),
      binaryData: Object.fromEntries(
        [...bytes].map(([key, value]) => [key, Buffer.from(value).toString("base64")] as const),
      ),
    }),
  );
  return {
    files: [...sorted.flatMap(render), ...given].toSorted((a, b) => compare(a.path, b.path)),
    variables: [...variables].toSorted(),
    problems,
    notes: values
      .filter(({ kind }) => kind === "Secret")
      .map(({ name }) => ({
        code: "render/secret",
        message: `the Secret ${name} is not written, because it holds values: bring it into the cluster by itself`,
      })),
  };
}

function label({ kind, name }: Manifest): string {
  return `${kind.toLowerCase()}-${name}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
