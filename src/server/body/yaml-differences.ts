import { COLLECTION_STYLE, type Event, EVENT_ID, SCALAR_STYLE } from "js-yaml";

/** Longest key that PyYAML finds the end of, in code points from its start to its colon. */
const MAX_KEY = 1024;

type ScalarEvent = Extract<Event, { readonly type: typeof EVENT_ID.SCALAR }>;

/**
 * Throws SyntaxError where PyYAML fails on, or reads differently, what js-yaml accepts: its scanner is of YAML 1.1.
 * (Found by running both on generated documents.)
 */
export function refuseOtherReading(text: string, events: readonly Event[]): void {
  if (/[\u0085\u2028\u2029]/u.test(text)) {
    throw new SyntaxError("U+0085, U+2028 and U+2029 are line breaks in YAML 1.1: write them as escapes");
  }
  const scalars = events.filter((event) => event.type === EVENT_ID.SCALAR);
  const keys = new Set(keysOf(events));
  for (const scalar of scalars) {
    refuseEscapedSurrogate(text, scalar);
    if (keys.has(scalar)) refuseLongKey(text, scalar);
    else refuseKeyWord(text, scalar);
  }
  refuseFlowPunctuation(text, events);
  refuseRepeatedAnchors(text, events);
  if (text.includes("\t")) refuseTabs(text, scalars);
}

/** PyYAML keeps the halves of a pair apart, and then nobody can encode them. */
function refuseEscapedSurrogate(text: string, { style, valueStart, valueEnd }: ScalarEvent): void {
  if (style !== SCALAR_STYLE.DOUBLE_QUOTED) return;
  const source = text.slice(valueStart, valueEnd);
  if (/(?<!\\)(?:\\\\)*\\(?:u|U0000)[dD][89a-fA-F]/u.test(source)) {
    throw new SyntaxError("a surrogate pair in \\u escapes is two broken characters to PyYAML: write \\UXXXXXXXX");
  }
}

/** `<<` and `=` mean something as keys only; `!` alone leaves the type open to PyYAML and closes it to js-yaml. */
function refuseKeyWord(text: string, { style, valueStart, valueEnd, tagStart, tagEnd }: ScalarEvent): void {
  const source = text.slice(valueStart, valueEnd);
  const isKeyWord = style === SCALAR_STYLE.PLAIN && tagStart === -1 && (source === "<<" || source === "=");
  if (isKeyWord) throw new SyntaxError(`"${source}" without quotes is no value: quote it`);
  if (text.slice(tagStart, tagEnd) === "!") throw new SyntaxError("the tag ! has no meaning here");
}

function refuseLongKey(text: string, key: ScalarEvent): void {
  if (key.valueStart === -1) throw new SyntaxError("a key is missing before a colon");
  // An explicit key (`? `) may be of any length.
  if (isExplicitKey(text, key)) return;
  const start = key.style === SCALAR_STYLE.PLAIN ? key.valueStart : key.valueStart - 1;
  const [end] = /^["']?\s*:/u.exec(text.slice(key.valueEnd)) ?? [];
  // A key without a value, inside braces.
  if (end === undefined) return;
  const source = text.slice(start, key.valueEnd + end.length - 1);
  if (source.includes("\n")) throw new SyntaxError("a key goes over several lines");
  if (source.length > MAX_KEY && Array.from(source).length > MAX_KEY) {
    throw new SyntaxError(`a key is longer than ${MAX_KEY} characters`);
  }
}

function isExplicitKey(text: string, { valueStart }: ScalarEvent): boolean {
  return /(?:^|[\s,{[])\?\s+["']?$/u.test(text.slice(Math.max(0, valueStart - 80), valueStart));
}

/** The scalars in the place of a key, in order. */
function* keysOf(events: readonly Event[]): Generator<ScalarEvent> {
  const open: { isMapping: boolean; isKeyNext: boolean }[] = [];
  for (const event of events) {
    const parent = open.at(-1);
    const isKey = parent?.isMapping === true && parent.isKeyNext;
    if (event.type === EVENT_ID.POP) {
      open.pop();
      continue;
    }
    if (parent !== undefined) parent.isKeyNext = !parent.isKeyNext;
    if (event.type === EVENT_ID.SCALAR && isKey) yield event;
    if (event.type === EVENT_ID.SCALAR || event.type === EVENT_ID.ALIAS) continue;
    open.push({ isMapping: event.type === EVENT_ID.MAPPING, isKeyNext: event.type === EVENT_ID.MAPPING });
  }
}

/** Inside `[ ]` and `{ }`, PyYAML takes `?` anywhere and `:` at the start of a plain scalar as punctuation. */
function refuseFlowPunctuation(text: string, events: readonly Event[]): void {
  const isFlow: boolean[] = [];
  for (const event of events) {
    if (event.type === EVENT_ID.POP) isFlow.pop();
    else if (event.type === EVENT_ID.DOCUMENT) isFlow.push(false);
    else if (event.type === EVENT_ID.SEQUENCE || event.type === EVENT_ID.MAPPING) {
      isFlow.push(event.style === COLLECTION_STYLE.FLOW);
    } else if (event.type === EVENT_ID.SCALAR && isFlow.at(-1) === true && event.style === SCALAR_STYLE.PLAIN) {
      const source = text.slice(event.valueStart, event.valueEnd);
      if (/^:|\?/u.test(source)) throw new SyntaxError(`"${source}" needs quotes inside brackets in YAML 1.1`);
    }
  }
}

function refuseRepeatedAnchors(text: string, events: readonly Event[]): void {
  const anchors = new Set<string>();
  for (const event of events) {
    if (event.type === EVENT_ID.ALIAS || !("anchorStart" in event) || event.anchorStart === -1) continue;
    const anchor = text.slice(event.anchorStart, event.anchorEnd);
    if (anchors.has(anchor)) throw new SyntaxError(`the anchor &${anchor} stands there twice`);
    anchors.add(anchor);
  }
}

/** PyYAML knows tabs only inside quotes, block scalars and comments. */
function refuseTabs(text: string, scalars: readonly ScalarEvent[]): void {
  let end = 0;
  const outside: string[] = [];
  for (const { style, valueStart, valueEnd } of scalars) {
    // Nothing is written where null is understood.
    if (valueStart === -1) continue;
    outside.push(text.slice(end, valueStart));
    if (style === SCALAR_STYLE.PLAIN) outside.push(text.slice(valueStart, valueEnd));
    end = valueEnd;
  }
  outside.push(text.slice(end));
  if (outside.some((gap) => gap.replaceAll(/(?<=^|\s)#.*/gu, "").includes("\t"))) {
    throw new SyntaxError("a tab cannot start any token");
  }
}
