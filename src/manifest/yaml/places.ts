import { type Event, EVENT_ID, getScalarValue, SCALAR_STYLE, type ScalarEvent } from "js-yaml";
import { type Pointer, pointerSegments } from "../../model/pointer.ts";
import type { Range } from "../../model/problem.ts";
import { type EventStretch, parseStretches } from "./parse-events.ts";

/** Where things stand in one file. Positions are found again from the text, and only when somebody asks. */
export interface Places {
  range(start: number, end: number): Range;
  /** The key or the value at a pointer of a document; the nearest place above where there is none. */
  find(document: number, pointer: Pointer, part: "key" | "value"): Range;
  /** The first place of `words` inside the value at a pointer, else the value itself. */
  findWords(document: number, pointer: Pointer, words: string): Range;
}

interface Span {
  readonly start: number;
  readonly end: number;
}

interface Place {
  readonly key: Span | undefined;
  value: Span;
  readonly children: Map<string, Place> | undefined;
}

/** Costs nothing until the first question, which parses the text again. */
export function placesIn(text: string): Places {
  const lines = once(() => lineStarts(text));
  const roots = once(() => parseStretches(text).stretches.flatMap(documentPlaces));
  const range = (start: number, end: number): Range => toRange(text, lines(), start, end);
  const placeAt = (document: number, pointer: Pointer): { place: Place; isExact: boolean } | undefined => {
    let place = roots()[document];
    if (place === undefined) return undefined;
    for (const segment of pointerSegments(pointer)) {
      const child: Place | undefined = place.children?.get(segment);
      if (child === undefined) return { place, isExact: false };
      place = child;
    }
    return { place, isExact: true };
  };
  const find: Places["find"] = (document, pointer, part) => {
    const found = placeAt(document, pointer);
    if (found === undefined) return range(0, 0);
    const { place, isExact } = found;
    const { start, end } = part === "key" || !isExact ? (place.key ?? place.value) : place.value;
    return range(start, end);
  };
  return {
    range,
    find,
    findWords(document, pointer, words) {
      const found = placeAt(document, pointer);
      if (found?.isExact !== true) return find(document, pointer, "value");
      const { start, end } = found.place.value;
      const at = text.slice(start, end).indexOf(words);
      return at < 0 ? find(document, pointer, "value") : range(start + at, start + at + words.length);
    },
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

/** A range never leaves its first line: that is what editors underline and annotations point at. */
function toRange(text: string, lines: readonly number[], start: number, end: number): Range {
  let low = 0;
  let high = lines.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((lines[middle] ?? 0) <= start) low = middle;
    else high = middle - 1;
  }
  const lineStart = lines[low] ?? 0;
  const lineEnd = (lines[low + 1] ?? text.length + 1) - 1;
  const stop = Math.max(Math.min(end, lineEnd), Math.min(start + 1, Math.max(lineEnd, start)));
  return { line: low + 1, column: start - lineStart + 1, endLine: low + 1, endColumn: stop - lineStart + 1 };
}

interface OpenPlace {
  readonly place: Place;
  readonly isMap: boolean;
  key: { readonly text: string; readonly span: Span } | undefined;
  count: number;
}

function documentPlaces(stretch: EventStretch): readonly Place[] {
  const roots: Place[] = [];
  const open: OpenPlace[] = [];
  let last: Span = { start: stretch.base, end: stretch.base };
  for (const event of stretch.events) {
    if (event.type === EVENT_ID.DOCUMENT) continue;
    if (event.type === EVENT_ID.POP) {
      const closed = open.pop();
      if (closed !== undefined) closed.place.value = { start: closed.place.value.start, end: last.end };
      continue;
    }
    last = spanOf(stretch, event, last);
    const isOpening = event.type === EVENT_ID.MAPPING || event.type === EVENT_ID.SEQUENCE;
    const text = event.type === EVENT_ID.SCALAR ? getScalarValue(stretch.text, event) : "";
    const place = put(roots, open.at(-1), { text, span: last, isOpening });
    if (isOpening) open.push({ place, isMap: event.type === EVENT_ID.MAPPING, key: undefined, count: 0 });
  }
  return roots;
}

/** Puts a node where it belongs: as the next key or value of the collection that is open, or as a document. */
function put(
  roots: Place[],
  outer: OpenPlace | undefined,
  node: { readonly text: string; readonly span: Span; readonly isOpening: boolean },
): Place {
  const place: Place = { key: outer?.key?.span, value: node.span, children: node.isOpening ? new Map() : undefined };
  if (outer === undefined) roots.push(place);
  else if (outer.isMap && outer.key === undefined) outer.key = { text: node.text, span: node.span };
  else {
    const name = outer.key?.text ?? String(outer.count);
    if (outer.place.children?.has(name) !== true) outer.place.children?.set(name, place);
    outer.count += 1;
    outer.key = undefined;
  }
  return place;
}

/** Quotes belong to the scalar; an empty one stands right after what comes before it. */
function spanOf(stretch: EventStretch, event: Exclude<Event, { type: 1 | 6 }>, before: Span): Span {
  const { base } = stretch;
  if (event.type === EVENT_ID.ALIAS) return { start: base + event.anchorStart - 1, end: base + event.anchorEnd };
  if (event.type !== EVENT_ID.SCALAR) return { start: base + event.start, end: base + event.start + 1 };
  if (event.valueStart < 0) return { start: before.end, end: before.end };
  const quote = isQuoted(event) ? 1 : 0;
  return { start: base + event.valueStart - quote, end: base + event.valueEnd + quote };
}

function isQuoted({ style }: ScalarEvent): boolean {
  return style === SCALAR_STYLE.SINGLE_QUOTED || style === SCALAR_STYLE.DOUBLE_QUOTED;
}
