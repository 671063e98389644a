import type { KindSpec, ReferencePlace } from "../model/kind.ts";
import { type Pointer, pointer } from "../model/pointer.ts";
import type { Problem } from "../model/problem.ts";
import { type ResourceKey, resourceKey } from "../model/resource.ts";
import { isObject, type JsonObject } from "../model/json.ts";
import { CONNECTION } from "../model/template.ts";
import { findCycles } from "./find-cycles.ts";
import type { Manifest } from "./manifest.ts";
import { splitReference } from "./reference-of.ts";
import { shapes } from "./shapes.ts";
import { placeName, problemAt } from "./site.ts";
import { didYouMean, nearest } from "./suggest.ts";

/** A `$ref` and the manifest that holds it. */
export interface FoundReference {
  readonly manifest: Manifest;
  readonly target: ResourceKey;
  readonly targetKind: string;
  readonly pointer: Pointer;
}

/** Every `$ref` of the manifests, in document order. */
export function referencesOf(manifests: readonly Manifest[]): readonly FoundReference[] {
  return manifests.flatMap((manifest) =>
    manifest.directives.flatMap((directive) => {
      if (directive.name !== "$ref") return [];
      const { kind, name } = splitReference(directive.argument);
      return [{ manifest, target: resourceKey(kind, name), targetKind: kind, pointer: directive.pointer }];
    }),
  );
}

/** The places of a manifest where its kind expects references, by pointer into the manifest. */
export function referencePlaces(manifest: Manifest, kinds: readonly KindSpec[]): ReadonlyMap<Pointer, ReferencePlace> {
  const shape = shapes[manifest.kind];
  const kind = kinds.find((row) => row.kind === manifest.kind);
  if (shape === undefined || kind === undefined) return new Map();
  const path = ["spec", ...shape.document];
  const document = path
    .slice(1)
    .reduce<unknown>((value, key) => (isObject(value) ? value[key] : undefined), manifest.spec);
  const places = isObject(document) ? kind.referencePlaces(document as JsonObject) : [];
  return new Map(places.map((place) => [pointer(...path) + place.pointer, place]));
}

/** What there is to refer to. */
interface Targets {
  readonly keys: ReadonlySet<ResourceKey>;
  readonly kinds: readonly KindSpec[];
  /** Some document could not be read. */
  readonly isPartial: boolean;
}

/** References to what is not there or of the wrong kind, and those that lead back to where they started. */
export function checkReferences(references: readonly FoundReference[], among: Targets): readonly Problem[] {
  const { keys, kinds } = among;
  const places = new Map<Manifest, ReadonlyMap<Pointer, ReferencePlace>>();
  const problems = references.flatMap((reference): readonly Problem[] => {
    const { manifest } = reference;
    const known = places.get(manifest) ?? referencePlaces(manifest, kinds);
    places.set(manifest, known);
    const wrong = wrongTarget(reference, among) ?? wrongKind(reference, known.get(reference.pointer));
    return wrong === undefined ? [] : [problemAt(manifest.site, `${reference.pointer}/$ref`, wrong)];
  });
  return [...problems, ...cycleProblems(references, keys)];
}

interface Wrong {
  readonly code: string;
  readonly message: string;
  readonly suggestion?: string;
}

function wrongTarget({ target, targetKind }: FoundReference, { keys, kinds, isPartial }: Targets): Wrong | undefined {
  // Only the server knows those, and plans look there.
  if (targetKind === CONNECTION) return undefined;
  const known = [...kinds.map(({ kind }) => kind), CONNECTION];
  if (!known.includes(targetKind)) {
    const near = nearest(targetKind, known);
    const message = `$ref cannot refer to a ${targetKind}${didYouMean(near)}`;
    return { code: "reference/unknown-kind", message, ...(near !== undefined && { suggestion: near }) };
  }
  // Where a document could not be read, it may be the one that is meant: its own problem is told already.
  if (keys.has(target) || isPartial) return undefined;
  const near = nearest(target, [...keys]);
  const message = `there is no ${target} among the manifests${didYouMean(near)}`;
  return { code: "reference/unknown-target", message, ...(near !== undefined && { suggestion: near }) };
}

function wrongKind({ target, targetKind }: FoundReference, place: ReferencePlace | undefined): Wrong | undefined {
  if (place === undefined || place.kind === targetKind) return undefined;
  return { code: "reference/wrong-kind", message: `a ${place.kind} is expected here, and ${target} is none` };
}

function cycleProblems(references: readonly FoundReference[], keys: ReadonlySet<ResourceKey>): readonly Problem[] {
  const edges = new Map<ResourceKey, FoundReference[]>();
  for (const reference of references) {
    if (!keys.has(reference.target)) continue;
    const list = edges.get(reference.manifest.key);
    if (list === undefined) edges.set(reference.manifest.key, [reference]);
    else list.push(reference);
  }
  return findCycles(edges, ({ target }) => target).map((cycle) => {
    const [first] = cycle;
    if (first === undefined) throw new TypeError("a cycle has at least one reference");
    const steps = cycle.map(({ manifest, pointer: at }) => {
      const { line } = manifest.site.find(at, "value");
      return `${manifest.key} (${placeName({ path: manifest.site.path, line })})`;
    });
    const message = `these refer to each other in a circle, so none can be created first: ${[...steps, first.manifest.key].join(" -> ")}`;
    return problemAt(first.manifest.site, `${first.pointer}/$ref`, { code: "reference/cycle", message });
  });
}
