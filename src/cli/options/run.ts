import { isJsonObject, type JsonObject } from "../../model/json.ts";
import { badValue, listFlag, parsedFlag, switchFlag, textFlag } from "./flag.ts";
import { outputFlag } from "./output.ts";

const group = "Options";

export const input = listFlag({
  syntax: "--input <name=value>",
  help: "one input of the app, as text; repeatable",
  group,
  parse: parsePair,
});

export const inputJson = parsedFlag({
  syntax: "--input-json <object>",
  help: "inputs as one JSON object; --input wins",
  group,
  parse: parseInputs,
});

export const session = textFlag({ syntax: "--session <id>", help: "go on with an earlier conversation", group });

export const stream = switchFlag({ syntax: "--stream", help: "print the answer as it is made", group });

export const runOutput = outputFlag(["text", "json", "ndjson"]);

export const runFlags = [input, inputJson, session, stream, runOutput] as const;

function parsePair(text: string): readonly [name: string, value: string] {
  const at = text.indexOf("=");
  if (at < 1) throw badValue(text, "NAME=VALUE");
  return [text.slice(0, at), text.slice(at + 1)];
}

/** The text is not repeated in the complaint: inputs may be secret. */
function parseInputs(text: string): JsonObject {
  const value = parseJson(text);
  if (!isJsonObject(value)) throw badValue("the value", 'a JSON object such as {"question": "Why?"}');
  return value;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
