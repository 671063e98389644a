import type { Pointer } from "../model/pointer.ts";
import type { Problem, Range } from "../model/problem.ts";
import type { ValueOrigin } from "../model/plan.ts";
import type { Origin } from "../model/resource.ts";
import type { SourceFile } from "../model/source.ts";
import { documentPlace, type From, originsOf, patchedBy, type PatchStep, type Trail } from "./patch/trail.ts";
import type { Places } from "./yaml/places.ts";

/** Where a manifest was written. Pointers are into the manifest in its own form, whatever form it was written in. */
export interface Site {
  readonly path: string;
  readonly root: string;
  readonly directory: string;
  readonly origin: Origin;
  find(pointer: Pointer, part: "key" | "value"): Range;
  /** The first place of `words` in the text at a pointer. */
  findWords(pointer: Pointer, words: string): Range;
  /** The pointer in the document as written. */
  readonly written: (pointer: Pointer) => Pointer;
  /** The same site for pointers into the document as written. */
  asWritten(): Site;
  /** Where the value at a pointer was written, then which patches set a part of it. */
  originsOf(pointer: Pointer): readonly ValueOrigin[];
  /** ` (set by ...)` where a patch is to blame for what stands at a pointer, else nothing. */
  blame(pointer: Pointer): string;
}

/** Where parts of a manifest stand in a document of another form: prefix to prefix, the longest first. */
export type Moves = readonly (readonly [canonical: Pointer, written: Pointer])[];

/** `root` is where the document's own part of the file begins: an item of a List, else "". */
export function makeSite(
  file: SourceFile,
  where: { readonly places: Places; readonly document: number },
  start: Range,
  root: Pointer,
  moves: Moves,
): Site {
  const written = (pointer: Pointer): Pointer => {
    const move = moves.find(([from]) => pointer === from || pointer.startsWith(`${from}/`));
    return root + (move === undefined ? pointer : move[1] + pointer.slice(move[0].length));
  };
  return {
    path: file.path,
    root: file.root,
    directory: file.directory,
    origin: { path: file.path, line: start.line, column: start.column },
    find: (pointer, part) => where.places.find(where.document, written(pointer), part),
    findWords: (pointer, words) => where.places.findWords(where.document, written(pointer), words),
    written,
    asWritten: () => makeSite(file, where, start, root, []),
    originsOf: (pointer) => [
      { path: file.path, line: where.places.find(where.document, written(pointer), "key").line },
    ],
    blame: () => "",
  };
}

/** The site of a document that patches have changed: places are where they were before. */
export function patchedSite(site: Site, trail: Trail): Site {
  return {
    ...site,
    find: (pointer, part) => site.find(documentPlace(trail, pointer), part),
    findWords: (pointer, words) => site.findWords(documentPlace(trail, pointer), words),
    asWritten: () => site.asWritten(),
    originsOf: (pointer) => originsOf(trail, pointer).flatMap((from) => originOf(from, site)),
    blame: (pointer) => {
      const step = patchedBy(trail, pointer);
      return step === undefined ? "" : ` (set by ${step.patch.place.label}, ${patchPlaceName(step)})`;
    },
  };
}

function originOf(from: From, site: Site): readonly ValueOrigin[] {
  if ("document" in from) return site.originsOf(from.document);
  const { patch, at } = from;
  const range = patch.place.find(at);
  return [{ path: patch.place.path, ...(range !== undefined && { line: range.line }), by: patch.place.label }];
}

/** A problem at a place of a manifest. */
export function problemAt(
  site: Site,
  pointer: Pointer,
  problem: Pick<Problem, "code" | "message" | "suggestion"> & {
    readonly severity?: Problem["severity"];
    readonly part?: "key" | "value";
    readonly words?: string;
  },
): Problem {
  const { severity = "error", part = "value", words, code, message, suggestion } = problem;
  const range = words === undefined ? site.find(pointer, part) : site.findWords(pointer, words);
  return {
    severity,
    code,
    message: message + site.blame(pointer),
    path: site.path,
    range,
    pointer: site.written(pointer),
    ...(suggestion !== undefined && { suggestion }),
  };
}

/** `docs.yaml:3:1`, for messages that name a second place. */
export function placeName({ path, line }: { readonly path: string; readonly line: number }): string {
  return `${path}:${line}`;
}

/** `llmstack-sync.yaml:14`; of what has no lines the pointer in it. */
function patchPlaceName({ patch: { place }, at }: PatchStep): string {
  const range = place.find(at);
  return range === undefined ? `${place.path} ${at}` : placeName({ path: place.path, line: range.line });
}
