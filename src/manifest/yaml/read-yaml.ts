import { COLLECTION_STYLE, EVENT_ID, type Event, type MappingEvent, type SequenceEvent } from "js-yaml";
import type { Json } from "../../model/json.ts";
import { type EventStretch, parseStretches } from "./parse-events.ts";
import { firstKey, lineOf } from "./first-key.ts";
import { checkFlowText, keyText, scalarValue } from "./scalar-event.ts";
import { addFault, type YamlFault } from "./yaml-fault.ts";

/** One document of a YAML or JSON file. */
export interface YamlDocument {
  readonly value: Json;
  /** Which document of the file, from 0; those that do not parse are not counted. */
  readonly index: number;
  /** Offset of its first node. */
  readonly start: number;
  /** A key somewhere in it starts with `$`. */
  readonly hasDollarKey: boolean;
  /** About how many characters it is with its aliases written out. */
  readonly weight: number;
}

export interface YamlFile {
  readonly documents: readonly YamlDocument[];
  readonly faults: readonly YamlFault[];
  /** Some document could not be read at all. */
  readonly isCut: boolean;
}

/** A manifest is text that people write; what is larger is a mistake or an attack. */
export const MAX_FILE_BYTES = 10 * 1024 * 1024;
/** How deep collections may nest, aliases written out. */
const MAX_DEPTH = 100;
/** About what one node takes beside its text. */
const NODE_WEIGHT = 16;

/** Reads every document by YAML 1.2's core rules; never throws, all faults of the file are collected. */
export function readYaml(text: string): YamlFile {
  if (text.length > MAX_FILE_BYTES || Buffer.byteLength(text) > MAX_FILE_BYTES) {
    const fault = { code: "yaml/too-large", message: "this file is larger than 10 MiB", start: 0, end: 0 };
    return { documents: [], faults: [fault], isCut: true };
  }
  const { stretches, faults } = parseStretches(text);
  const documents: YamlDocument[] = [];
  const found: YamlFault[] = [...faults];
  for (const stretch of stretches) readStretch(stretch, documents, found);
  return { documents, faults: found, isCut: faults.length > 0 };
}

/** A collection that is being filled. */
interface Frame {
  readonly list: Json[] | undefined;
  readonly map: { [key: string]: Json } | undefined;
  readonly anchor: string | undefined;
  readonly event: number;
  /** Written in brackets or braces. */
  readonly isFlow: boolean;
  readonly weightBefore: number;
  key: string | undefined;
  height: number;
}

interface Anchor {
  readonly value: Json;
  readonly weight: number;
  readonly height: number;
}

interface Builder {
  readonly stretch: EventStretch;
  readonly documents: YamlDocument[];
  readonly faults: YamlFault[];
  frames: Frame[];
  anchors: Map<string, Anchor | undefined>;
  root: Json;
  start: number;
  hasDollarKey: boolean;
  weight: number;
  isBomb: boolean;
}

function readStretch(stretch: EventStretch, documents: YamlDocument[], faults: YamlFault[]): void {
  const builder: Builder = {
    stretch,
    documents,
    faults,
    frames: [],
    anchors: new Map(),
    root: null,
    start: -1,
    hasDollarKey: false,
    weight: 0,
    isBomb: false,
  };
  stretch.events.forEach((event, index) => {
    take(builder, event, index);
  });
}

function take(builder: Builder, event: Event, index: number): void {
  switch (event.type) {
    case EVENT_ID.DOCUMENT:
      startDocument(builder);
      break;
    case EVENT_ID.SCALAR:
      takeScalar(builder, event);
      break;
    case EVENT_ID.MAPPING:
    case EVENT_ID.SEQUENCE:
      openCollection(builder, event, index);
      break;
    case EVENT_ID.ALIAS:
      takeAlias(builder, event.anchorStart, event.anchorEnd);
      break;
    case EVENT_ID.POP:
      if (builder.frames.length === 0) endDocument(builder);
      else closeCollection(builder);
      break;
  }
}

function startDocument(builder: Builder): void {
  builder.anchors = new Map();
  builder.root = null;
  builder.start = -1;
  builder.hasDollarKey = false;
  builder.weight = 0;
  builder.isBomb = false;
}

function endDocument(builder: Builder): void {
  const { documents, root, start, hasDollarKey, weight, stretch } = builder;
  const index = documents.length;
  documents.push({ value: root, index, start: stretch.base + Math.max(start, 0), hasDollarKey, weight });
}

function takeScalar(builder: Builder, event: Extract<Event, { type: typeof EVENT_ID.SCALAR }>): void {
  const frame = builder.frames.at(-1);
  if (builder.start < 0) builder.start = event.valueStart;
  if (frame?.isFlow === true) checkFlowText(builder.stretch, event, builder.faults);
  if (frame?.map !== undefined && frame.key === undefined) {
    const key = keyText(builder.stretch, event, builder.faults);
    frame.key = key;
    if (key.startsWith("$")) builder.hasDollarKey = true;
    if (key === "__proto__" || Object.hasOwn(frame.map, key))
      faultOfKey(builder, frame, key, event.valueStart, event.valueEnd);
    builder.weight += NODE_WEIGHT + key.length;
    return;
  }
  const value = scalarValue(builder.stretch, event, builder.faults);
  const weight = NODE_WEIGHT + (typeof value === "string" ? value.length : 0);
  builder.weight += weight;
  if (event.anchorStart >= 0) {
    builder.anchors.set(builder.stretch.text.slice(event.anchorStart, event.anchorEnd), { value, weight, height: 0 });
  }
  add(builder, value, 0);
}

function openCollection(builder: Builder, event: MappingEvent | SequenceEvent, index: number): void {
  const { stretch, frames } = builder;
  if (builder.start < 0) builder.start = event.start;
  checkCollection(builder, event);
  const anchor = event.anchorStart < 0 ? undefined : stretch.text.slice(event.anchorStart, event.anchorEnd);
  if (anchor !== undefined) builder.anchors.set(anchor, undefined);
  const isList = event.type === EVENT_ID.SEQUENCE;
  frames.push({
    list: isList ? [] : undefined,
    map: isList ? undefined : {},
    anchor,
    event: index,
    isFlow: event.style === COLLECTION_STYLE.FLOW,
    weightBefore: builder.weight,
    key: undefined,
    height: 0,
  });
  builder.weight += NODE_WEIGHT;
}

/** A collection may not be a key, and has no tags but its own. */
function checkCollection(builder: Builder, event: MappingEvent | SequenceEvent): void {
  const { stretch, frames } = builder;
  const outer = frames.at(-1);
  if (outer?.map !== undefined && outer.key === undefined) {
    const isLiquid = stretch.text.startsWith("{{", event.start - 1) || stretch.text.startsWith("{{", event.start);
    const message = isLiquid
      ? "a text that starts with {{ must be quoted"
      : "a key must be text, not a list or an object";
    const start = isLiquid ? event.start - 1 : event.start;
    tell(builder, "yaml/key-not-text", message, start, start + 2);
  }
  const tag = event.tagStart < 0 ? "" : stretch.text.slice(event.tagStart, event.tagEnd);
  const own = event.type === EVENT_ID.SEQUENCE ? "!!seq" : "!!map";
  if (tag !== "" && tag !== own) {
    tell(builder, "yaml/unknown-tag", `the tag ${tag} has no meaning here`, event.tagStart, event.tagEnd);
  }
}

function closeCollection(builder: Builder): void {
  const frame = builder.frames.pop();
  if (frame === undefined) return;
  const value = frame.list ?? frame.map ?? null;
  const height = frame.height + 1;
  if (frame.anchor !== undefined) {
    builder.anchors.set(frame.anchor, { value, weight: builder.weight - frame.weightBefore, height });
  }
  add(builder, value, height);
}

function takeAlias(builder: Builder, start: number, end: number): void {
  const name = builder.stretch.text.slice(start, end);
  const anchor = builder.anchors.get(name);
  if (anchor === undefined) {
    const why = builder.anchors.has(name)
      ? "stands inside the node that it names"
      : "names an anchor that is not there";
    tell(builder, "yaml/unknown-alias", `the alias *${name} ${why}`, start - 1, end);
    add(builder, null, 0);
    return;
  }
  builder.weight += anchor.weight;
  const isTooMuch = builder.weight > MAX_FILE_BYTES || builder.frames.length + anchor.height > MAX_DEPTH;
  if (isTooMuch && !builder.isBomb) {
    builder.isBomb = true;
    const message = "aliases make this document larger than 10 MiB or deeper than 100";
    tell(builder, "yaml/alias-bomb", message, start - 1, end);
  }
  add(builder, isTooMuch ? null : anchor.value, isTooMuch ? 0 : anchor.height);
}

function add(builder: Builder, value: Json, height: number): void {
  const frame = builder.frames.at(-1);
  if (frame === undefined) {
    builder.root = value;
    return;
  }
  if (height > frame.height) frame.height = height;
  if (frame.list !== undefined) frame.list.push(value);
  else if (frame.key === undefined) frame.key = typeof value === "string" ? value : "";
  else if (frame.map !== undefined) {
    if (frame.key !== "__proto__") frame.map[frame.key] = value;
    frame.key = undefined;
  }
}

function faultOfKey(builder: Builder, frame: Frame, key: string, start: number, end: number): void {
  const { stretch, faults } = builder;
  if (key === "__proto__") {
    tell(builder, "yaml/forbidden-key", "the key __proto__ is not allowed", start, end);
    return;
  }
  addFault(faults, () => {
    const first = firstKey(stretch, frame.event, key);
    const where = first === undefined ? "" : `, first on line ${lineOf(stretch, first)}`;
    const message = `the key ${key} stands twice in this object${where}`;
    return { code: "yaml/duplicate-key", message, start: stretch.base + start, end: stretch.base + end };
  });
}

function tell({ stretch, faults }: Builder, code: string, message: string, start: number, end: number): void {
  addFault(faults, () => ({ code, message, start: stretch.base + start, end: stretch.base + end }));
}
