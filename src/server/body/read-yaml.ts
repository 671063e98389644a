import {
  CHOMPING_MODE,
  constructFromEvents,
  type Event,
  EVENT_ID,
  parseEvents,
  SCALAR_STYLE,
  type ScalarStyle,
  type Schema,
} from "js-yaml";
import { isArray, type Json } from "../../model/json.ts";
import { unreadable } from "../refusal.ts";
import { PYYAML_SCHEMA } from "./yaml-tags.ts";
import { refuseOtherReading } from "./yaml-differences.ts";

const MAX_DEPTH = 256;
/** Against aliases that multiply. */
const MAX_NODES = 2_000_000;

/**
 * Reads YAML as LLMStack does, through PyYAML's safe_load: YAML 1.1, merge keys, the last of two equal keys wins, keys
 * become strings as in Python's JSON. Throws Refusal for what PyYAML refuses, for what has no JSON form, and for what
 * PyYAML would read otherwise than js-yaml, so that a difference is never silent.
 */
export function readYaml(text: string): Json {
  try {
    return toJson(constructDocument(text, PYYAML_SCHEMA), { left: MAX_NODES }, 0);
  } catch (error) {
    // js-yaml's own class, and SyntaxError for what is ours; both say where and what.
    if (!(error instanceof Error) || (error.name !== "YAMLException" && !(error instanceof SyntaxError))) throw error;
    throw unreadable(`YAML parse error - ${error.message}`);
  }
}

/** The one document in the text, as the schema's tags construct it. Throws SyntaxError or js-yaml's YAMLException. */
export function constructDocument(text: string, schema: Schema): unknown {
  const events = withoutFinalBreak(text, parseEvents(text, { maxDepth: MAX_DEPTH }));
  refuseOtherReading(text, events);
  const documents = constructFromEvents(events, { source: text, schema, json: true });
  if (documents.length > 1) throw new SyntaxError("expected a single document in the stream");
  return documents[0] ?? null;
}

/** A block scalar that ends with the file, in a line without a line break, has none to PyYAML either. */
function withoutFinalBreak(text: string, events: readonly Event[]): Event[] {
  if (!/[^\s][^\n]*$/u.test(text.slice(-1024))) return [...events];
  return events.map((event) =>
    event.type === EVENT_ID.SCALAR && isBlock(event.style) && event.valueEnd >= text.length
      ? { ...event, chomping: CHOMPING_MODE.STRIP }
      : event,
  );
}

function isBlock(style: ScalarStyle): boolean {
  return style === SCALAR_STYLE.LITERAL_BLOCK || style === SCALAR_STYLE.FOLDED_BLOCK;
}

function toJson(value: unknown, nodes: { left: number }, depth: number): Json {
  nodes.left -= 1;
  if (nodes.left < 0 || depth > MAX_DEPTH) throw new SyntaxError("its aliases grow beyond all bounds");
  if (value === null || typeof value !== "object") return scalar(value);
  if (isArray<unknown>(value)) return value.map((item) => toJson(item, nodes, depth + 1));
  if (Object.getPrototypeOf(value) !== Object.prototype) throw new SyntaxError("a set has no JSON form");
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toJson(item, nodes, depth + 1)]));
}

function scalar(value: unknown): Json {
  if (value === null || value === undefined) return null;
  if (typeof value === "string" || typeof value === "boolean" || typeof value === "number") return value;
  throw new SyntaxError(`a ${typeof value} has no JSON form`);
}
