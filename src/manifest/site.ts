import type { Pointer } from "../model/pointer.ts";
import type { Problem, Range } from "../model/problem.ts";
import type { Origin } from "../model/resource.ts";
import type { SourceFile } from "../model/source.ts";
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
  };
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
    message,
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
