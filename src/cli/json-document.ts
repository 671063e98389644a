import type { JsonObject } from "../model/json.ts";

/** A document as `-o json` prints it, with the code that the process will answer. */
export function jsonDocument(document: JsonObject, exitCode: number): string {
  return `${JSON.stringify({ ...document, exitCode }, undefined, 2)}\n`;
}
