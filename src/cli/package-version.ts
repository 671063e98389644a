import { readFileSync } from "node:fs";
import { isObject } from "../model/json.ts";

/** The version in package.json, two folders up in the sources and in the build alike. */
export function packageVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  return isObject(manifest) && typeof manifest["version"] === "string" ? manifest["version"] : "unknown";
}
