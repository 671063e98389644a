import type { JsonObject } from "../model/json.ts";
import { jsonText } from "../report/json.ts";

/** A document as `-o json` prints it, with the code that the process will answer. */
export function jsonDocument(document: JsonObject, exitCode: number): string {
  return jsonText({ ...document, exitCode });
}
