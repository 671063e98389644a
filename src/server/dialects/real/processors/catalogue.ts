import { Exact, type Tree } from "../wire/tree.ts";

/** One key of a processor's config. No default: it must be given. */
export interface Field {
  readonly type: "string" | "integer" | "number" | "boolean" | "array" | "object";
  readonly default?: Tree;
  readonly isNullable?: true;
  /** What the editor shows: how other objects are found to be referred to (llmstack-server.md 4.6). */
  readonly widget?: string;
  readonly enum?: readonly string[];
}

export interface Processor {
  readonly provider: string;
  readonly slug: string;
  readonly name: string;
  readonly config: Readonly<Record<string, Field>>;
  readonly input: readonly string[];
  readonly output: readonly string[];
}

const text = (value: string): Field => ({ type: "string", default: value });
const optionalText = (widget?: string): Field => ({
  type: "string",
  default: null,
  isNullable: true,
  ...(widget !== undefined && { widget }),
});
const flag = (value: boolean): Field => ({ type: "boolean", default: value });
const integer = (value: number): Field => ({ type: "integer", default: value });
const optionalInteger: Field = { type: "integer", default: null, isNullable: true };
const number = (value: number): Field => ({ type: "number", default: asFloat(value) });
const object = (value: Tree): Field => ({ type: "object", default: value });
const list = (value: Tree): Field => ({ type: "array", default: value });
const CONNECTION = optionalText("connection");

/** As Python writes a float: 1.0 where JavaScript would write 1. */
export function asFloat(value: number): Tree {
  return Number.isInteger(value) ? new Exact(`${value}.0`) : value;
}

/**
 * Some of the processors that releases serve, with as many config keys as llmstack-server.md 3.2 counts. `chatModel` is
 * the default that differs between releases.
 */
export function catalogue(chatModel: "gpt-3.5-turbo" | "gpt-4o-mini"): readonly Processor[] {
  return [
    {
      provider: "promptly",
      slug: "text_chat",
      name: "Text-Chat",
      config: {
        datasource: { type: "array", widget: "datasource" },
        model: text(chatModel),
        instructions: text("You are a helpful assistant."),
        show_citations: flag(false),
        citation_instructions: text("Cite the sources that you use."),
        k: integer(5),
        chat_history_limit: integer(20),
        temperature: number(0.7),
        use_azure_if_available: flag(true),
        use_localai_if_available: flag(false),
        chat_history_in_doc_search: integer(0),
        hybrid_semantic_search_ratio: number(0.75),
        seed: optionalInteger,
      },
      input: ["question", "search_filters"],
      output: ["answer", "citations"],
    },
    ...searchAndLanguage(chatModel),
    ...appProcessors(),
    ...webProcessors(),
    ...modelProcessors(chatModel),
  ];
}

function searchAndLanguage(chatModel: string): readonly Processor[] {
  return [
    {
      provider: "promptly",
      slug: "datasource_search",
      name: "Datasource Search",
      config: {
        datasources: { type: "array", widget: "datasource" },
        document_limit: integer(4),
        search_filters: optionalText(),
        hybrid_semantic_search_ratio: number(0.75),
      },
      input: ["query"],
      output: ["answers", "answers_text"],
    },
    {
      provider: "promptly",
      slug: "llm",
      name: "LLM",
      config: {
        provider_config: object({ provider: "openai", model: chatModel }),
        system_message: optionalText(),
        max_tokens: integer(1024),
        temperature: number(0.7),
        seed: optionalInteger,
        objref: flag(false),
        retain_history: flag(false),
        max_history: integer(5),
      },
      input: ["input_message", "messages"],
      output: ["text", "text_objref"],
    },
  ];
}

function appProcessors(): readonly Processor[] {
  return [
    {
      provider: "promptly",
      slug: "promptly_app",
      name: "Promptly App",
      config: { promptly_app: { type: "string", default: "", widget: "promptlyapp_select" }, input: object({}) },
      input: ["input"],
      output: ["text", "objref"],
    },
    {
      provider: "promptly",
      slug: "map",
      name: "Map",
      config: {
        promptly_app: { type: "string", default: "", widget: "promptlyapp_select" },
        max_iterations: integer(10),
      },
      input: ["input_list"],
      output: ["outputs"],
    },
  ];
}

function webProcessors(): readonly Processor[] {
  return [
    {
      provider: "promptly",
      slug: "http_api_processor",
      name: "HTTP API",
      config: {
        connection_id: CONNECTION,
        url: text(""),
        path: text(""),
        method: { type: "string", default: "GET", enum: ["GET", "POST", "PUT", "PATCH", "DELETE"] },
        headers: object({}),
        parameters: list([]),
        request_body: optionalText(),
        timeout: integer(5),
        allow_redirects: flag(true),
      },
      input: ["input_data"],
      output: ["code", "text", "content_json"],
    },
    {
      provider: "promptly",
      slug: "static_web_browser",
      name: "Static Web Browser",
      config: {
        connection_id: CONNECTION,
        stream_text: flag(true),
        timeout: integer(10),
        tags_to_extract: list([]),
      },
      input: ["url", "instructions"],
      output: ["text", "content"],
    },
    {
      provider: "promptly",
      slug: "web_search",
      name: "Web Search",
      config: { search_engine: text("Google"), k: integer(5), advanced_parameters: optionalText() },
      input: ["query"],
      output: ["results"],
    },
    {
      provider: "promptly",
      slug: "data_uri_text_extract",
      name: "Data URI Text Extract",
      config: { document_limit: integer(1), text_chunk_size: integer(500) },
      input: ["file", "query"],
      output: ["text"],
    },
  ];
}

function modelProcessors(chatModel: string): readonly Processor[] {
  return [
    {
      provider: "openai",
      slug: "chatgpt",
      name: "ChatGPT",
      config: {
        model: text(chatModel),
        system_message: text(""),
        messages: list([]),
        max_tokens: integer(1024),
        temperature: number(0.7),
        top_p: number(1),
        n: integer(1),
        stop: list([]),
        presence_penalty: number(0),
        frequency_penalty: number(0),
        logit_bias: object({}),
        user: text(""),
        retain_history: flag(false),
        auto_prune_chat_history: flag(false),
      },
      input: ["messages", "user"],
      output: ["choices", "result"],
    },
    {
      provider: "stabilityai",
      slug: "text2image",
      name: "Text to Image",
      config: {
        engine_id: text("stable-diffusion-xl-1024-v1-0"),
        height: integer(1024),
        width: integer(1024),
        cfg_scale: number(7),
        steps: integer(30),
        num_samples: integer(1),
        seed: optionalInteger,
      },
      input: ["prompt", "negative_prompt"],
      output: ["answer"],
    },
  ];
}
