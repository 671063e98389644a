import { crash } from "./answers.ts";

/**
 * A uuid in every form that Python's UUID() takes (dashes anywhere, braces, urn:); anything else is an unhandled error
 * and not a 404 (llmstack-server.md 2.1).
 */
export function pythonUuid(text: string): string {
  const digits = text
    .replaceAll("urn:", "")
    .replaceAll("uuid:", "")
    .replaceAll(/^[{}]+|[{}]+$/gu, "")
    .replaceAll("-", "");
  if (!/^[0-9a-f]{32}$/iu.test(digits)) throw crash();
  return digits.toLowerCase().replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/u, "$1-$2-$3-$4-$5");
}
