import { isObject, type Json, type JsonObject, own } from "../model/json.ts";
import type { Patch } from "../model/patch.ts";
import type { Note } from "../model/plan.ts";
import type { Pointer } from "../model/pointer.ts";
import type { Problem, Range } from "../model/problem.ts";
import type { SourceFile } from "../model/source.ts";
import { readKubernetesValues, type KubernetesValues } from "./kubernetes-values.ts";
import { makeManifest, type Written } from "./make-manifest.ts";
import type { Manifest, Manifests } from "./manifest.ts";
import { itemPointer, recognise, skippedFile } from "./recognise.ts";
import { applyPatches, unmatchedProblems } from "./patch/apply-patches.ts";
import { makeSite, type Moves, patchedSite, placeName, problemAt, type Site } from "./site.ts";
import { wantedFiles } from "./wanted-files.ts";
import { type Places, placesIn } from "./yaml/places.ts";
import { readYaml, type YamlDocument, type YamlFile } from "./yaml/read-yaml.ts";
import type { YamlFault } from "./yaml/yaml-fault.ts";

/** What the documents of a run have given so far. */
interface Reading {
  readonly patches: readonly Patch[];
  readonly matched: Set<Patch>;
  readonly manifests: Manifest[];
  readonly values: KubernetesValues[];
  readonly problems: Problem[];
  readonly skipped: string[];
  isPartial: boolean;
}

/**
 * Parses, recognises, patches and checks every document of every file; never throws on what a file may hold. `unread`
 * are the files that could not even be opened.
 */
export function readManifests(
  files: readonly SourceFile[],
  unread: readonly Problem[] = [],
  patches: readonly Patch[] = [],
): Manifests {
  const reading: Reading = {
    patches,
    matched: new Set(),
    manifests: [],
    values: [],
    problems: [...unread],
    skipped: [],
    isPartial: unread.length > 0,
  };
  for (const file of files) readFile(reading, file);
  const { wanted, problems } = wantedFiles(reading.manifests);
  const keys = [
    ...reading.manifests.map(({ key }) => key),
    ...reading.values.map(({ kind, name }) => `${kind}/${name}`),
  ];
  return {
    manifests: reading.manifests,
    values: reading.values,
    problems: [...reading.problems, ...problems, ...unmatchedProblems(patches, reading.matched, keys)],
    notes: skippedNotes(reading.skipped),
    wanted,
    isPartial: reading.isPartial,
  };
}

/** One file and what is known of it. */
interface OpenFile {
  readonly file: SourceFile;
  readonly places: Places;
}

function readFile(reading: Reading, file: SourceFile): void {
  const toolFile = skippedFile(file.path);
  if (toolFile !== undefined) {
    reading.skipped.push(toolFile);
    return;
  }
  const open: OpenFile = { file, places: placesIn(file.text) };
  const { documents, faults, isCut } =
    file.documents === undefined ? readYaml(file.text) : { ...NO_FAULTS, documents: file.documents.map(asRead) };
  if (isCut) reading.isPartial = true;
  const before = reading.problems.length;
  for (const document of documents) readDocument(reading, open, document, "", document.value);
  const faultProblems = faults.map((fault) => faultProblem(open, fault, secretDocuments(documents)));
  const told = new Set(faultProblems.map(({ code, range }) => (isOfScalar(code) ? placeOf(range) : range?.line)));
  const others = reading.problems
    .splice(before)
    .filter(({ range }) => !told.has(placeOf(range)) && !told.has(range?.line));
  for (const problem of [...faultProblems, ...others]) reading.problems.push(problem);
}

const NO_FAULTS: Pick<YamlFile, "faults" | "isCut"> = { faults: [], isCut: false };

function asRead(value: Json, index: number): YamlDocument {
  return { value, index, start: 0, hasDollarKey: true, weight: JSON.stringify(value).length };
}

function readDocument(reading: Reading, open: OpenFile, document: YamlDocument, at: Pointer, value: Json): void {
  const recognised = recognise(value);
  switch (recognised.is) {
    case "empty":
      return;
    case "skipped":
      reading.skipped.push(recognised.what);
      return;
    case "list":
      recognised.items.forEach((item, index) => {
        readDocument(reading, open, document, itemPointer(at, index), item);
      });
      return;
    case "unknown": {
      reading.isPartial = true;
      const { message, suggestion } = recognised;
      const site = siteOf(open, document, at, []);
      const problem = { code: "manifest/unknown", message, ...(suggestion !== undefined && { suggestion }) };
      reading.problems.push(problemAt(site, recognised.at, problem));
      return;
    }
    case "values": {
      const { body, site } = patched(reading, recognised, siteOf(open, document, at, []));
      const { values, problems } = readKubernetesValues(recognised.kind, body, site);
      if (values !== undefined) reading.values.push(values);
      for (const problem of problems) reading.problems.push(problem);
      return;
    }
    case "resource":
      take(reading, document, {
        kind: recognised.kind,
        body: recognised.body,
        site: siteOf(open, document, at, []),
        form: "resource",
      });
      return;
    case "llmstack": {
      const { converted, strayKeys } = recognised;
      const { kind, body, dropped, keyFrom, moves } = converted;
      const site = siteOf(open, document, at, moves);
      take(reading, document, { kind, body, site, form: "llmstack", dropped, keyFrom, strayKeys });
    }
  }
}

function take(reading: Reading, document: YamlDocument, written: Written): void {
  const { body, site, weight } = patched(reading, { ...written, is: "resource" }, written.site);
  const { manifest, problems } = makeManifest(
    { ...written, body, site },
    // A patch may bring directives along.
    { hasDollarKey: document.hasDollarKey || weight > 0, weight: document.weight + weight },
  );
  for (const problem of problems) reading.problems.push(problem);
  if (manifest === undefined) reading.isPartial = true;
  else reading.manifests.push(manifest);
}

/** A document as the patches that name it leave it; `weight` is what they may have added. */
function patched(
  reading: Reading,
  { is, kind, body }: { readonly is: "resource" | "values"; readonly kind: string; readonly body: JsonObject },
  site: Site,
): { readonly body: JsonObject; readonly site: Site; readonly weight: number } {
  const document = { kind, body, isResource: is === "resource", place: placeName(site.origin) };
  const result = applyPatches(reading.patches, document);
  if (result === undefined) return { body, site, weight: 0 };
  for (const patch of result.matched) reading.matched.add(patch);
  for (const problem of result.problems) reading.problems.push(problem);
  return { body: result.body, site: patchedSite(site, result.trail), weight: weightOf(result.matched) };
}

function weightOf(patches: readonly Patch[]): number {
  return patches.reduce((sum, { change }) => sum + JSON.stringify(change).length, 0);
}

function siteOf({ file, places }: OpenFile, document: YamlDocument, at: Pointer, moves: Moves): Site {
  const start = at === "" ? places.range(document.start, document.start) : places.find(document.index, at, "value");
  return makeSite(file, { places, document: document.index }, start, at, moves);
}

function faultProblem({ file, places }: OpenFile, fault: YamlFault, secrets: readonly Stretch[]): Problem {
  const { code, message, start, end, suggestion } = fault;
  const range = places.range(start, end);
  const secret = secrets.find((stretch) => stretch.start <= start && start < stretch.end);
  if (secret === undefined) {
    return {
      severity: "error",
      code,
      message,
      path: file.path,
      range,
      ...(suggestion !== undefined && { suggestion }),
    };
  }
  // Neither the words nor the line may show what could be a secret.
  const words = `line ${range.line} of this Secret is not read alike by all YAML readers (${code}): quote values`;
  return {
    severity: "error",
    code,
    message: words,
    path: file.path,
    range: places.range(secret.start, secret.start + 1),
  };
}

/** A scalar that is not read well says nothing of its own shape; any other fault, nothing of its whole line. */
function isOfScalar(code: string): boolean {
  return code === "yaml/ambiguous-scalar" || code === "yaml/bad-character";
}

function placeOf(range: Range | undefined): string {
  return `${range?.line}:${range?.column}`;
}

interface Stretch {
  readonly start: number;
  readonly end: number;
}

function secretDocuments(documents: readonly YamlDocument[]): readonly Stretch[] {
  return documents.flatMap(({ value, start }, index) =>
    holdsSecret(value) ? [{ start, end: documents[index + 1]?.start ?? Infinity }] : [],
  );
}

function holdsSecret(value: Json): boolean {
  if (!isObject(value)) return false;
  const items = own(value, "items");
  return value["kind"] === "Secret" || (Array.isArray(items) && items.some((item: Json) => holdsSecret(item)));
}

function skippedNotes(skipped: readonly string[]): readonly Note[] {
  if (skipped.length === 0) return [];
  const kinds = [...new Set(skipped)].toSorted();
  const list =
    kinds.length > 5 ? `${kinds.slice(0, 5).join(", ")} and ${kinds.length - 5} other kinds` : kinds.join(", ");
  const documents = skipped.length === 1 ? "1 document that is" : `${skipped.length} documents that are`;
  return [{ code: "manifest/skipped", message: `left out ${documents} no app or datasource: ${list}` }];
}
