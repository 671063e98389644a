import { isArray, isObject, type Json, type JsonObject } from "../../model/json.ts";
import { digest } from "../../model/digest.ts";

/** What a processor is given, its templates rendered. */
export interface ProcessorCall {
  /** `provider/processor`. */
  readonly slug: string;
  readonly input: JsonObject;
  readonly config: JsonObject;
  /** Runs of this app in this session before this one. */
  readonly earlierRuns: number;
  /** Names of the entries in a datasource. */
  readonly entryNames: (datasource: string) => readonly string[];
}

/**
 * Stands in for a processor: no model is asked and no page fetched, so the output follows from the call alone, and
 * shows what the real one would have been given. Processors that have no stand-in answer their input.
 */
export function standIn(call: ProcessorCall): JsonObject {
  return STAND_INS[call.slug]?.(call) ?? call.input;
}

/** The keys of each output are those that templates read from the real processor. */
const STAND_INS: Readonly<Record<string, (call: ProcessorCall) => JsonObject>> = {
  "promptly/text_chat": (call) => ({ answer: reply(call), citations: [...sources(call, "datasource")] }),
  "promptly/llm": (call) => ({ text: reply(call) }),
  "promptly/datasource_search": (call) => ({ answers: sources(call, "datasources").map((content) => ({ content })) }),
  "promptly/web_search": (call) => ({ results: [{ text: reply(call), source: "https://example.com/" }] }),
  "promptly/static_web_browser": (call) => ({ text: reply(call), content: reply(call) }),
  "promptly/data_uri_text_extract": (call) => ({ text: reply(call) }),
  "promptly/http_uri_text_extract": (call) => ({ text: reply(call) }),
  "openai/chatgpt": (call) => {
    const message = { role: "assistant", content: reply(call) };
    return { choices: [{ ...message, message }], result: reply(call) };
  },
  "openai/completions": (call) => ({ choices: [reply(call)] }),
  "elevenlabs/text_to_speech": (call) => ({ audio_content: `data:audio/mpeg;name=speech.mp3;base64,${hash(call)}` }),
};

/** What an agent answers: it sees the whole input, and names the tools that it has. */
export function agentReply(call: ProcessorCall, tools: readonly string[]): string {
  const listed = tools.length === 0 ? "none" : tools.join(", ");
  return `${reply(call)} Tools: ${listed}.`;
}

function reply(call: ProcessorCall): string {
  const searched = ["datasource", "datasources"].flatMap((key) => sources(call, key));
  return [
    `[${call.slug}]`,
    `You said "${said(call.input).trim()}".`,
    ...instructions(call.config),
    ...(searched.length === 0 ? [] : [`Searched ${searched.join(", ")}.`]),
    `Earlier messages: ${call.earlierRuns}.`,
  ].join(" ");
}

/** The instructions in short, so that a changed prompt shows. */
function instructions({
  instructions: own,
  system_message: system,
  system_message_prefix: prefix,
}: JsonObject): readonly string[] {
  const text = [own, system, prefix].find((value) => typeof value === "string" && value !== "");
  if (typeof text !== "string") return [];
  const line = text.trim().replaceAll(/\s+/gu, " ");
  return [`Told to "${shorten(line)}".`];
}

function shorten(line: string): string {
  const characters = Array.from(line);
  return characters.length > 80 ? `${characters.slice(0, 80).join("")}...` : line;
}

/** The question where there is one, else the last message, else all of it. */
function said(input: JsonObject): string {
  const { question, input_message: message, query, prompt, messages } = input;
  const last = isArray<Json>(messages) ? messages.at(-1) : undefined;
  const content = isObject(last) ? last["content"] : undefined;
  const found = [question, message, query, prompt, content].find((value) => typeof value === "string");
  if (typeof found === "string") return found;
  const values = Object.values(input);
  return values.length === 1 && typeof values[0] === "string" ? values[0] : JSON.stringify(input);
}

function sources({ config, entryNames }: ProcessorCall, key: string): readonly string[] {
  const value = config[key];
  const uuids = isArray<Json>(value) ? value : [value];
  return uuids.flatMap((uuid) => (typeof uuid === "string" && uuid !== "" ? entryNames(uuid) : []));
}

function hash({ slug, input, config }: ProcessorCall): string {
  return digest({ slug, input, config });
}
