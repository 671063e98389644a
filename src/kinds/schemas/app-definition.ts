import type { JsonObject } from "../../model/json.ts";
import { textOrDirective as text } from "./directives.ts";
import { inputFields } from "./input-fields.ts";
import { integrations } from "./integrations.ts";

const outputTemplate = (description: string): JsonObject => ({
  type: "object",
  description,
  properties: {
    markdown: text(
      "Liquid text that makes the output of processors' results. Example: {{_inputs1.answer}}; for agents: {{agent.content}}.",
    ),
    jsonpath: text("A JSON path into the output, for programs that take a part of it. Example: $.answer."),
  },
});

const processor: JsonObject = {
  type: "object",
  required: ["id", "provider_slug", "processor_slug"],
  properties: {
    id: {
      type: "string",
      minLength: 1,
      description:
        "The name under which templates find this processor's result, unique in the app; by convention _inputs1, _inputs2 and so on. _inputs0, input, output, agent and coordinator are taken. Example: _inputs1.",
    },
    name: text("A name for people. In an agent: the name of the tool. Example: Search the docs."),
    description: text("What it does. In an agent: what the model is told of the tool."),
    provider_slug: {
      type: "string",
      minLength: 1,
      description: "Who provides the processor. Servers differ in what they have; see GET /api/apibackends.",
      examples: ["promptly", "openai", "anthropic", "google", "azure", "cohere", "mistral", "stabilityai"],
    },
    processor_slug: {
      type: "string",
      minLength: 1,
      description: "Which processor of that provider.",
      examples: ["text_chat", "datasource_search", "llm", "chatgpt", "http_api_processor", "promptly_app"],
    },
    config: {
      type: "object",
      description:
        "Settings of the processor, in its own words, with directives anywhere inside. Datasources stand at datasource (promptly/text_chat) or datasources (promptly/datasource_search) as a list of { $ref: Datasource/name }, another app at promptly_app as { $ref: App/name }.",
    },
    input: {
      type: "object",
      description:
        "What the processor is given, in its own words; Liquid templates may stand in any text. Example: { question: '{{_inputs0.question}}' }.",
    },
    input_fields: inputFields("In an agent: the arguments of the tool."),
    output_template: outputTemplate("In an agent: how the tool's result is told to the model, with bare names."),
    dependencies: {
      type: "array",
      items: { type: "string" },
      description: "Ids of processors that come before this one. LLMStack finds them in the templates by itself.",
    },
  },
};

/** An LLMStack app document, verbatim, in LLMStack's own field names (llmstack-server.md 4). */
export const definition: JsonObject = {
  type: "object",
  additionalProperties: false,
  required: ["name", "type_slug"],
  description:
    "The app as LLMStack knows it, in its own field names. Whether it is published and who may see it stands in spec.publish. Directives are allowed at every depth.",
  properties: {
    name: {
      type: "string",
      minLength: 1,
      maxLength: 100,
      description: "The name that people see, 1 to 100 characters; it need not be unique. Example: Support bot.",
    },
    type_slug: {
      type: "string",
      minLength: 1,
      maxLength: 100,
      description: "The type of the app. It cannot be changed on most servers. Which types exist depends on the server.",
      examples: ["web", "text-chat", "agent", "workflow", "voice-agent"],
    },
    description: text("What the app is for, for people."),
    icon: text("The address of an image, or the image itself as a data URI. null equals leaving it out."),
    config: {
      type: "object",
      description:
        "Settings of the app, kept by the server verbatim. text-chat: welcome_message, window_color, suggested_messages; agent: provider, model, system_message, max_steps (1 to 100), temperature; web: input_template, layout, allowed_sites. The key x-llmstack-sync is ours and is dropped from input.",
    },
    input_fields: inputFields("What a user is asked for; templates find the values under _inputs0."),
    output_template: outputTemplate("How the app's output is made."),
    processors: {
      type: "array",
      items: processor,
      description: "The steps of the app, in order; of an agent: its tools.",
    },
    ...integrations,
  },
};
