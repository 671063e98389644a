import {
  boolCoreTag,
  floatCoreTag,
  getScalarValue,
  intCoreTag,
  NOT_RESOLVED,
  nullCoreTag,
  SCALAR_STYLE,
  type ScalarEvent,
} from "js-yaml";
import type { EventStretch } from "./parse-events.ts";
import { readPlainScalar } from "./plain-scalar.ts";
import { addFault, type YamlFault } from "./yaml-fault.ts";

type Scalar = null | boolean | number | string;

/** The tags that every reader knows; `!!str` aside, each must fit what is written. */
const RESOLVERS: ReadonlyMap<string, (source: string) => unknown> = new Map<string, (source: string) => unknown>([
  ["!!null", (source) => nullCoreTag.resolve(source, true, "")],
  ["!!bool", (source) => boolCoreTag.resolve(source, true, "")],
  ["!!int", (source) => intCoreTag.resolve(source, true, "")],
  ["!!float", (source) => floatCoreTag.resolve(source, true, "")],
]);

/** The value of a scalar; what is wrong with it goes to `faults`, and its text stands in. */
export function scalarValue(stretch: EventStretch, event: ScalarEvent, faults: YamlFault[]): Scalar {
  const source = getScalarValue(stretch.text, event);
  if (event.tagStart >= 0) return taggedValue(stretch, event, source, faults);
  if (event.style === SCALAR_STYLE.PLAIN) {
    const plain = readPlainScalar(source);
    if (typeof plain === "string") return plain;
    if ("value" in plain) return plain.value;
    addFault(faults, () => quoteIt(stretch, event, source, plain.fault));
    return source;
  }
  if (!event.fast && event.style === SCALAR_STYLE.DOUBLE_QUOTED) checkText(stretch, event, source, faults);
  return source;
}

/** The text of a key; a key that is no text, or not the same text to all readers, goes to `faults`. */
export function keyText(stretch: EventStretch, event: ScalarEvent, faults: YamlFault[]): string {
  const source = getScalarValue(stretch.text, event);
  if (event.style !== SCALAR_STYLE.PLAIN && event.tagStart < 0) {
    if (!event.fast) checkText(stretch, event, source, faults);
    return source;
  }
  const value = scalarValue(stretch, event, faults);
  if (value === source) return source;
  if (source === "") {
    addFault(faults, () => fault(stretch, event, "yaml/key-not-text", "a key is missing before this colon"));
  } else if (value === null || String(value) !== source || (typeof value === "number" && !Number.isInteger(value))) {
    addFault(faults, () => quoteIt(stretch, event, source, "is not text, and readers write it differently as a key"));
  }
  return source;
}

/** In brackets and braces, kubectl and PyYAML take a question mark for the end of an unquoted text, and fail. */
export function checkFlowText(stretch: EventStretch, event: ScalarEvent, faults: YamlFault[]): void {
  if (event.style !== SCALAR_STYLE.PLAIN || !stretch.text.slice(event.valueStart, event.valueEnd).includes("?")) return;
  const source = getScalarValue(stretch.text, event);
  addFault(faults, () =>
    quoteIt(
      stretch,
      event,
      source,
      "has a question mark in brackets or braces, where YAML 1.1 readers such as kubectl fail",
    ),
  );
}

function taggedValue(stretch: EventStretch, event: ScalarEvent, source: string, faults: YamlFault[]): Scalar {
  const tag = stretch.text.slice(event.tagStart, event.tagEnd);
  if (tag === "!!str") {
    checkText(stretch, event, source, faults);
    return source;
  }
  const resolver = RESOLVERS.get(tag);
  const span = { start: stretch.base + event.tagStart, end: stretch.base + event.tagEnd };
  if (resolver === undefined) {
    addFault(faults, () => ({ code: "yaml/unknown-tag", message: `the tag ${tag} has no meaning here`, ...span }));
    return source;
  }
  const value = resolver(source);
  const plain = readPlainScalar(source);
  if (value !== NOT_RESOLVED && typeof plain !== "string" && "value" in plain) return plain.value;
  addFault(faults, () => ({
    code: "yaml/wrong-tag",
    message: `${JSON.stringify(source)} does not fit the tag ${tag}`,
    ...span,
  }));
  return source;
}

/** Servers keep neither NUL nor half a surrogate pair: they fail, and leave a broken row (llmstack-server.md 2.3). */
function checkText(stretch: EventStretch, event: ScalarEvent, value: string, faults: YamlFault[]): void {
  if (value.isWellFormed() && !value.includes("\0")) return;
  const message = "this text holds a NUL character or half a surrogate pair, which servers cannot store";
  addFault(faults, () => fault(stretch, event, "yaml/bad-character", message));
}

function quoteIt(stretch: EventStretch, event: ScalarEvent, source: string, why: string): YamlFault {
  const isMerge = source === "<<";
  const message = isMerge
    ? "a merge key (<<) is read by some readers only: write the keys out, or quote it"
    : `${source} ${why}: quote it`;
  const suggestion = JSON.stringify(source);
  return { ...fault(stretch, event, isMerge ? "yaml/merge-key" : "yaml/ambiguous-scalar", message), suggestion };
}

function fault(stretch: EventStretch, event: ScalarEvent, code: string, message: string): YamlFault {
  const start = Math.max(event.valueStart, 0);
  return { code, message, start: stretch.base + start, end: stretch.base + Math.max(event.valueEnd, start + 1) };
}
