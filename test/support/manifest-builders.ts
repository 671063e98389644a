import { matchesGlob } from "node:path";
import { type BuildInputs, type Built, buildDesired } from "../../src/manifest/build-desired.ts";
import { fileBody } from "../../src/manifest/entry-body.ts";
import { type Loaded, type LoadedFile, type WantedFile, wantedKey } from "../../src/manifest/loaded-files.ts";
import { readManifests } from "../../src/manifest/read-manifests.ts";
import type { Patch } from "../../src/model/patch.ts";
import type { Problem } from "../../src/model/problem.ts";
import type { Resource } from "../../src/model/resource.ts";
import type { SourceFile } from "../../src/model/source.ts";

export function aFile(text: string, path = "manifest.yaml"): SourceFile {
  const directory = path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "";
  return { path, text, root: "root", directory };
}

export interface World extends Partial<Omit<BuildInputs, "files">> {
  /** Texts of the files beside the manifests, by path from the root. */
  readonly beside?: Readonly<Record<string, string>>;
  readonly patches?: readonly Patch[];
}

/** Reads and builds as the pipeline does, from memory. */
export function build(manifests: string | readonly SourceFile[], world: World = {}): Built {
  const read = readManifests(typeof manifests === "string" ? [aFile(manifests)] : manifests, [], world.patches);
  return buildDesired(read, {
    files: new Map(read.wanted.map((want) => [wantedKey(want), load(want, world.beside ?? {})])),
    env: world.env ?? (() => undefined),
    secretFiles: world.secretFiles ?? new Map(),
    missingSecrets: world.missingSecrets ?? "error",
  });
}

function load(want: WantedFile, beside: Readonly<Record<string, string>>): Loaded {
  const one = (path: string): LoadedFile =>
    want.as === "text"
      ? { path, text: beside[path] ?? "" }
      : { path, body: fileBody(path, path.slice(path.lastIndexOf("/") + 1), new TextEncoder().encode(beside[path])) };
  if ("path" in want) {
    return Object.hasOwn(beside, want.path) ? { files: [one(want.path)] } : { failure: "no such file" };
  }
  const pattern = want.directory === "" ? want.glob : `${want.directory}/${want.glob}`;
  const paths = Object.keys(beside).filter((path) => matchesGlob(path, pattern));
  return { files: paths.toSorted().map(one) };
}

/** The only resource that a text asks for. */
export function only(text: string, world: World = {}): Resource {
  const { desired, problems } = build(text, world);
  const [resource] = desired.values();
  if (resource === undefined) throw new Error(problems.map(({ message }) => message).join("\n"));
  return resource;
}

/** `severity code line:column`, which is what most tests of problems ask. */
export function brief(problems: readonly Problem[]): readonly string[] {
  return problems.map(({ severity, code, range }) => `${severity} ${code} ${range?.line}:${range?.column}`);
}

/** An App manifest whose definition has these lines beside name and type_slug. */
export function anApp(name: string, ...definition: readonly string[]): string {
  return [
    "apiVersion: llmstack.ai/v1alpha1",
    "kind: App",
    `metadata: { name: ${name} }`,
    "spec:",
    "  definition:",
    `    name: ${name}`,
    "    type_slug: web",
    ...definition.map((line) => `    ${line}`),
    "",
  ].join("\n");
}

/** A Datasource manifest with these lines in its spec. */
export function aDatasource(name: string, ...spec: readonly string[]): string {
  return [
    "apiVersion: llmstack.ai/v1alpha1",
    "kind: Datasource",
    `metadata: { name: ${name} }`,
    "spec:",
    ...spec.map((line) => `  ${line}`),
    "",
  ].join("\n");
}

/** Several documents in one file. */
export function documents(...texts: readonly string[]): string {
  return texts.join("---\n");
}
