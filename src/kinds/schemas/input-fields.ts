import type { JsonObject } from "../../model/json.ts";
import { textOrDirective as text } from "./directives.ts";

/** One field of a form (llmstack-server.md 4.3); servers keep other keys as they are. */
const field: JsonObject = {
  type: "object",
  properties: {
    name: text("The name in templates, a slug of the title. Example: question, found as {{_inputs0.question}}."),
    title: text("What stands beside the field. Example: Your question."),
    type: {
      type: "string",
      description: "What kind of value it is. Default: string. Which types exist depends on the server.",
      examples: ["string", "text", "number", "boolean", "file", "select", "voice", "multi", "datasource", "connection"],
    },
    description: text("A line of help for the user."),
    default: {
      description:
        "What the field holds at first, of the field's type; of type datasource: a list of { $ref: Datasource/name }.",
    },
    required: { type: "boolean", description: "Whether the user must fill it in. Default: false." },
    placeholder: text("A faint text that stands in the field while it is empty."),
    enum: { type: "array", description: "The values that may be chosen." },
    enumNames: { type: "array", description: "What the values of enum are called, in the same order." },
    options: {
      type: "array",
      items: {
        type: "object",
        properties: {
          label: text("What the choice is called."),
          value: { description: "What the choice stands for." },
        },
      },
      description: "The choices of a select, each with label and value.",
    },
    format: text("A finer kind of the type, for the form. Example: date."),
    pattern: text("A regular expression that the value must match."),
    items: { type: "object", description: "Of a list: what its items look like." },
    minimum: { type: "number", description: "The smallest number allowed." },
    maximum: { type: "number", description: "The largest number allowed." },
    multipleOf: { type: "number", description: "The number must be a multiple of this." },
    path: text("In template files: where the value goes in the app. Example: processors[0].config.datasource."),
    widget: text("The control that shows the field. Example: textarea."),
    advanced_parameter: { type: "boolean", description: "Whether the field is folded away at first. Default: false." },
  },
};

export function inputFields(description: string): JsonObject {
  return { type: "array", items: field, description };
}
