import type { JsonObject } from "../../../model/json.ts";
import { ENTRY_BODY_OF_TYPE } from "./datasources.ts";

const TEXT = { type: "string" };
const NULLABLE_TEXT = { type: ["string", "null"] };
const NULLABLE_OBJECT = { type: ["object", "null"] };
const OBJECT_LIST = { type: ["array", "null"], items: { type: "object" } };
const UUID = { type: "string", format: "uuid" };
const TIME = { type: "string", format: "date-time" };
const NAME = { type: "string", minLength: 1, maxLength: 100 };
const DATASOURCE_TYPE = { type: "string", enum: Object.keys(ENTRY_BODY_OF_TYPE) };
const ENTRY_NAME = { type: "string", minLength: 1, maxLength: 2048 };
const URL = { type: "string", minLength: 1, maxLength: 1600 };

const DEFINITION = {
  name: NAME,
  type_slug: NAME,
  description: NULLABLE_TEXT,
  icon: NULLABLE_TEXT,
  config: NULLABLE_OBJECT,
  input_fields: OBJECT_LIST,
  output_template: NULLABLE_OBJECT,
  processors: OBJECT_LIST,
  web_config: NULLABLE_OBJECT,
  slack_config: NULLABLE_OBJECT,
  discord_config: NULLABLE_OBJECT,
  twilio_config: NULLABLE_OBJECT,
};

/** The bodies of the documented API, as JSON Schema. */
export const schemas: JsonObject = {
  AppDefinition: {
    description: "An app as LLMStack's editor writes it. Other keys are ignored.",
    ...object(DEFINITION, ["name", "type_slug"]),
  },
  AppChange: { description: "The keys to replace.", ...object(DEFINITION, []) },
  App: exactly({
    uuid: UUID,
    name: NAME,
    type_slug: NAME,
    data: { $ref: "#/components/schemas/AppDefinition" },
    created_at: TIME,
    last_updated_at: TIME,
  }),
  NewDatasource: object({ name: NAME, type: DATASOURCE_TYPE }, ["name", "type"]),
  DatasourceChange: object({ name: NAME }, []),
  Datasource: exactly({ uuid: UUID, name: NAME, type: DATASOURCE_TYPE, created_at: TIME, updated_at: TIME }),
  NewEntry: {
    description: "A text datasource takes content, a url datasource url, the others file.",
    ...object(
      {
        entry_data: object(
          { name: ENTRY_NAME, content: TEXT, url: URL, file: { type: "string", contentEncoding: "base64" } },
          ["name"],
        ),
        entry_metadata: NULLABLE_OBJECT,
      },
      ["entry_data"],
    ),
  },
  Entry: exactly({
    uuid: UUID,
    name: ENTRY_NAME,
    status: { type: "string", enum: ["READY", "PROCESSING", "FAILED"] },
    entry_data: object({ name: ENTRY_NAME, content: TEXT, url: URL }, ["name"]),
    entry_metadata: { type: "object" },
    created_at: TIME,
    updated_at: TIME,
  }),
  RunRequest: object({ input: { type: "object" }, stream: { type: "boolean" } }, []),
  RunAnswer: exactly({ session: exactly({ id: TEXT }), output: {} }),
  RunPiece: {
    description: "One line of a streamed answer: a piece of the value of each key in it.",
    ...object({ session: exactly({ id: TEXT }), output: {} }, []),
  },
  Problem: exactly({ detail: TEXT }),
  FieldProblems: { type: "object", additionalProperties: { type: "array", items: TEXT } },
};

function object(properties: JsonObject, required: readonly string[]): JsonObject {
  return { type: "object", properties, required };
}

/** What the server answers holds these keys and no others. */
function exactly(properties: JsonObject): JsonObject {
  return { ...object(properties, Object.keys(properties)), additionalProperties: false };
}
