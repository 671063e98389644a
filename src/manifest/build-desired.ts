import { kinds } from "../kinds/index.ts";
import type { Note } from "../model/plan.ts";
import type { Problem } from "../model/problem.ts";
import type { DesiredState, Resource, ResourceKey } from "../model/resource.ts";
import { CONNECTION, type TemplateObject } from "../model/template.ts";
import { buildEntries } from "./build-entries.ts";
import { buildResource } from "./build-resource.ts";
import { checkApp } from "./check-app.ts";
import { checkKeys, namespaceOf } from "./check-keys.ts";
import { checkReferences, referencePlaces, referencesOf } from "./check-references.ts";
import { checkSize } from "./check-size.ts";
import { valueSource } from "./find-values.ts";
import { limitProblems } from "./limit-problems.ts";
import type { LoadedFiles } from "./loaded-files.ts";
import type { Manifest, Manifests } from "./manifest.ts";
import type { Resolution } from "./resolve-directive.ts";
import { resolveSpec } from "./resolve-spec.ts";
import { shapes } from "./shapes.ts";

export interface BuildInputs {
  readonly files: LoadedFiles;
  env(name: string): string | undefined;
  /** What --secrets-dir holds: `name/key` to text; absent in a cluster. */
  readonly secretFiles?: ReadonlyMap<string, string>;
  /** `warning` gives secrets that are missing as empty ones, so that `validate` needs none. */
  readonly missingSecrets: "error" | "warning";
}

/** What a run is to make true. `problems` holds those of the manifests too, sorted by place. */
export interface Built {
  readonly desired: DesiredState;
  readonly problems: readonly Problem[];
  readonly notes: readonly Note[];
}

/** What a server would accept of a document of a kind and then fail on. */
const DOCUMENT_CHECKS: {
  readonly [kind: string]: (manifest: Manifest, document: TemplateObject) => readonly Problem[];
} = { App: checkApp };

/**
 * Resolves directives and builds the desired state, with every check that needs more than one document. Never throws
 * on what manifests say; manifests with errors are left out of `desired`, so it may be used only without errors.
 */
export function buildDesired(manifests: Manifests, inputs: BuildInputs): Built {
  const { manifests: documents, values, notes, isPartial } = manifests;
  const keys = new Set(documents.map(({ key }) => key));
  const resolution: Resolution = {
    files: inputs.files,
    env: (name) => inputs.env(name),
    values: valueSource(values, namespaceOf(documents), inputs.secretFiles),
    missingSecrets: inputs.missingSecrets,
    problems: [],
  };
  const desired = new Map<ResourceKey, Resource>();
  for (const manifest of documents) {
    // Built in any case: a manifest that is not right in one place is checked in all others too.
    const resource = build(manifest, resolution);
    if (manifest.isSound && !desired.has(manifest.key)) desired.set(manifest.key, resource);
  }
  const problems = [
    ...manifests.problems,
    ...checkKeys(documents, values),
    ...checkReferences(referencesOf(documents), { keys, kinds, isPartial }),
    ...checkSize(documents),
    ...resolution.problems,
  ];
  return { desired: sortByKey(desired), problems: limitProblems(problems.toSorted(byPlace)), notes };
}

function build(manifest: Manifest, resolution: Resolution): Resource {
  const shape = shapes[manifest.kind];
  if (shape === undefined) throw new TypeError(`no shape for ${manifest.kind}`);
  const hasReference = manifest.directives.some(({ name }) => name === "$ref");
  const places = hasReference ? referencePlaces(manifest, kinds) : undefined;
  const spec = resolveSpec(manifest, (pointer) => places?.get(pointer)?.form ?? "uuid", resolution);
  const { name, type, document } = shape.read(spec, manifest.name);
  for (const problem of DOCUMENT_CHECKS[manifest.kind]?.(manifest, document) ?? []) resolution.problems.push(problem);
  const entries = buildEntries(manifest, type, resolution);
  const references = referencesOf([manifest]).filter(({ targetKind }) => targetKind !== CONNECTION);
  const dependsOn = [...new Set(references.map(({ target }) => target))];
  return buildResource(manifest, { name, type, document, entries, dependsOn });
}

/** The order of files must not show in anything that is made of the desired state. */
function sortByKey(desired: ReadonlyMap<ResourceKey, Resource>): DesiredState {
  return new Map([...desired].toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

function byPlace(a: Problem, b: Problem): number {
  if (a.path !== b.path) return a.path < b.path ? -1 : 1;
  const lines = (a.range?.line ?? 0) - (b.range?.line ?? 0);
  return lines === 0 ? (a.range?.column ?? 0) - (b.range?.column ?? 0) : lines;
}
