import { isJsonObject, type JsonObject } from "../model/json.ts";

/** Thrown when a stream holds something else than whole JSON objects. */
export class BrokenStream extends Error {}

/**
 * The JSON objects of a stream as they complete: one a line, one after the other without any separator, or as the
 * `data:` of server-sent events. Throws BrokenStream for anything else, and when the last object is cut short.
 */
export async function* jsonObjects(bytes: AsyncIterable<Uint8Array>): AsyncIterable<JsonObject> {
  const scan: Scan = { text: "", depth: 0, isString: false, isEscaped: false };
  for await (const text of payloads(decoded(bytes))) yield* completed(scan, text);
  if (scan.text !== "") throw new BrokenStream("the last object is cut short");
}

async function* decoded(bytes: AsyncIterable<Uint8Array>): AsyncIterable<string> {
  const decoder = new TextDecoder("utf-8");
  for await (const chunk of bytes) yield decoder.decode(chunk, { stream: true });
  yield decoder.decode();
}

/** Text as it is, or, once it does not start with an object, what stands after `data:` in its lines. */
async function* payloads(texts: AsyncIterable<string>): AsyncIterable<string> {
  let form: "unknown" | "objects" | "events" = "unknown";
  let line = "";
  for await (const text of texts) {
    if (form === "unknown" && text.trim() !== "") form = text.trimStart().startsWith("{") ? "objects" : "events";
    if (form === "objects") {
      yield text;
      continue;
    }
    const lines = (line + text).split(/\r\n|\n|\r/u);
    line = lines.pop() ?? "";
    yield* lines.map(dataOf);
  }
  yield dataOf(line);
}

function dataOf(line: string): string {
  if (!line.startsWith("data:")) {
    if (/^(?:$|:|event:|id:|retry:)/u.test(line)) return "";
    throw new BrokenStream("it is neither JSON objects nor server-sent events");
  }
  const data = line.slice("data:".length).trim();
  return data === "[DONE]" ? "" : `${data}\n`;
}

/** How far into an object the scan is. */
interface Scan {
  text: string;
  depth: number;
  isString: boolean;
  isEscaped: boolean;
}

function* completed(scan: Scan, text: string): Iterable<JsonObject> {
  for (const character of text) {
    if (scan.depth === 0 && /\s/u.test(character)) continue;
    scan.text += character;
    step(scan, character);
    if (scan.depth > 0) continue;
    yield parse(scan.text);
    scan.text = "";
  }
}

function step(scan: Scan, character: string): void {
  if (scan.isString) {
    const wasEscaped = scan.isEscaped;
    scan.isEscaped = character === "\\" && !wasEscaped;
    if (character === '"' && !wasEscaped) scan.isString = false;
    return;
  }
  if (character === '"') scan.isString = true;
  else if (character === "{" || character === "[") scan.depth += 1;
  else if (character === "}" || character === "]") scan.depth -= 1;
}

function parse(text: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text);
    if (isJsonObject(value)) return value;
  } catch {
    // Said below, like everything else that is no object.
  }
  throw new BrokenStream("one of its parts is no JSON object");
}
