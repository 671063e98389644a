import { schemas } from "../../kinds/schemas/index.ts";
import type { DialectRules } from "../../model/dialect.ts";
import type { JsonObject } from "../../model/json.ts";
import type { KindSpec } from "../../model/kind.ts";
import type { LiveEntry, LiveResource, LiveState } from "../../model/live.ts";
import type { Note } from "../../model/plan.ts";
import { API_VERSION } from "../api-version.ts";
import { skippedFile } from "../recognise.ts";
import { shapes } from "../shapes.ts";
import { exportDocument, type Naming } from "./export-document.ts";
import { exportEntries } from "./export-entries.ts";
import { type ExportKey, exportKeys } from "./export-keys.ts";
import { type NeededVariable, variableNames } from "./needed-variables.ts";
import { sideFileNames } from "./side-files.ts";
import { writableDocument } from "./writable-document.ts";
import { yamlText } from "./yaml-text.ts";

/** A file to write, relative to the folder that people name. */
export interface OutputFile {
  readonly path: string;
  readonly text: string;
}

export interface ExportOptions {
  readonly kinds: readonly KindSpec[];
  readonly rules: DialectRules;
  /** Objects with a mark of this set are ours: they keep their key and need no uuid. */
  readonly set: string;
  /** Where editors find the JSON Schemas, as an address or a path from the manifests; absent: `.schemas/` is written. */
  readonly schemaBase?: string;
  /** `all` writes entries too that others added; applying them adds them again. Default: `own`. */
  readonly entries?: "own" | "all";
}

export interface Exported {
  /** Sorted by path. */
  readonly files: readonly OutputFile[];
  /** What must be set before the files can be planned or applied, sorted by name. No values. */
  readonly variables: readonly NeededVariable[];
  readonly notes: readonly Note[];
}

/** Hidden, so that nobody takes it for a manifest. */
const SCHEMA_FOLDER = ".schemas";

/**
 * Live objects as manifests, one file an object, long texts beside them, references by key, secrets as variables.
 * Marks are never written. The same live state gives the same bytes.
 */
export function exportFiles(live: LiveState, options: ExportOptions): Exported {
  const owned = [...live.resources.values()].flatMap(({ items }) => items).filter(({ isOwned }) => isOwned);
  const naming: Naming = {
    keys: exportKeys(owned, { set: options.set, rules: options.rules, entries: live.entries, versions: live.versions }),
    variableName: variableNames(),
    sideFileName: sideFileNames(),
  };
  const keyOf = ({ uuid }: LiveResource): string => naming.keys.get(uuid)?.key ?? "";
  const resources = owned.toSorted((a, b) => compare(keyOf(a), keyOf(b)));
  const exported = resources.map((resource) =>
    exportResource(resource, live.entries.get(resource.uuid)?.items ?? [], naming, options),
  );
  const files = [...exported.flatMap((one) => one.files), ...schemaFiles(options, resources)];
  return {
    files: files.toSorted((a, b) => compare(a.path, b.path)),
    variables: exported.flatMap((one) => one.variables).toSorted((a, b) => compare(a.name, b.name)),
    notes: exported.flatMap((one) => one.notes),
  };
}

function exportResource(
  resource: LiveResource,
  live: readonly LiveEntry[],
  naming: Naming,
  options: ExportOptions,
): Exported {
  const key = naming.keys.get(resource.uuid);
  const kind = options.kinds.find((row) => row.kind === resource.kind);
  if (key === undefined || kind === undefined) return { files: [], variables: [], notes: [] };
  const { document: plain, notes } = writableDocument(resource, key.key);
  const exported = exportDocument(kind, key, { ...resource, document: plain }, naming, options.rules);
  const { document, sideFiles, variables } = exported;
  const holder = { key: key.key, type: resource.type, set: options.set, which: options.entries ?? "own" } as const;
  const { entries, comments } = exportEntries(live, holder);
  const text = yamlText(manifestOf(resource, key, { ...inSpec(resource.kind, document), ...entries }), [
    `yaml-language-server: $schema=${options.schemaBase ?? `../${SCHEMA_FOLDER}`}/${resource.kind.toLowerCase()}.json`,
    ...(variables.length === 0 ? [] : [`Needs in the environment: ${variables.map(({ name }) => name).join(", ")}`]),
    ...comments,
  ]);
  const beside = [...sideFiles].map(([path, side]) => ({ path: `${kind.collection}/${path}`, text: side }));
  return { files: [{ path: `${kind.collection}/${fileName(resource.kind, key)}`, text }, ...beside], variables, notes };
}

/** Some names belong to other tools, so that a manifest under such a name would be skipped. */
function fileName(kind: string, { name }: ExportKey): string {
  const plain = `${name}.yaml`;
  return skippedFile(plain) === undefined ? plain : `${name}-${kind.toLowerCase()}.yaml`;
}

function inSpec(kind: string, document: JsonObject): JsonObject {
  return (shapes[kind]?.document ?? []).reduceRight<JsonObject>((inner, name) => ({ [name]: inner }), document);
}

function manifestOf(
  { kind, mark, publish, uuid }: LiveResource,
  { name, needsUuid }: ExportKey,
  spec: JsonObject,
): JsonObject {
  return {
    apiVersion: API_VERSION,
    kind,
    metadata: { name, ...(mark?.protect && { annotations: { "llmstack.ai/protect": "true" } }) },
    spec: {
      ...spec,
      ...(publish !== undefined && { publish: { ...publish } }),
      ...(mark?.orphan && { deletionPolicy: "Orphan" }),
      ...(needsUuid && { uuid }),
    },
  };
}

function schemaFiles({ schemaBase }: ExportOptions, resources: readonly LiveResource[]): readonly OutputFile[] {
  if (schemaBase !== undefined) return [];
  const used = new Set(resources.map(({ kind }) => kind));
  return Object.entries(schemas)
    .filter(([kind]) => used.has(kind))
    .map(([kind, schema]) => ({
      path: `${SCHEMA_FOLDER}/${kind.toLowerCase()}.json`,
      text: `${JSON.stringify(schema, undefined, 2)}\n`,
    }));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
