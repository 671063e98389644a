import type { JsonObject } from "../../../model/json.ts";
import type { MediaType, RouteAnswer } from "../../route.ts";

/** YAML is for apps alone, as on LLMStack: its datasource routes have no YAML parser. */
export const JSON_OR_YAML: readonly MediaType[] = ["application/json", "application/yaml"];
export const JSON_ONLY: readonly MediaType[] = ["application/json"];

/** An answer of that status with JSON: a schema, or the name of one. */
export function answer(status: number, description: string, schema: string | JsonObject): RouteAnswer {
  const reference = typeof schema === "string" ? { $ref: `#/components/schemas/${schema}` } : schema;
  return { status, description, content: { "application/json": { schema: reference } } };
}

export const NO_CONTENT: RouteAnswer = { status: 204, description: "Done." };
export const NOT_FOUND = answer(404, "There is no such object.", "Problem");
export const REFUSED = answer(403, "The token is missing or wrong.", "Problem");

/** What every operation with a body may answer. */
export const WRITE_REFUSED: readonly RouteAnswer[] = [
  answer(400, "The body cannot be read, or its fields are wrong.", {
    anyOf: [{ $ref: "#/components/schemas/Problem" }, { $ref: "#/components/schemas/FieldProblems" }],
  }),
  REFUSED,
  answer(413, "The body is over 25 MiB.", "Problem"),
  answer(415, "The content type is none that this operation reads.", "Problem"),
];
