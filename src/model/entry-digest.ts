import { digest } from "./digest.ts";
import type { JsonObject } from "./json.ts";
import type { EntryBody } from "./resource.ts";
import { symbolic } from "./template.ts";

/**
 * Digest of what an entry holds: equal digests are never uploaded again. Secrets count by their source, files by their
 * bytes and not by their path, so that the same entry from a file and from a ConfigMap is the same entry.
 */
export function entryDigest(entry: {
  readonly name: string;
  readonly body: EntryBody;
  readonly metadata: JsonObject;
}): string {
  const { name, body, metadata } = entry;
  const held = body.kind === "file" ? body.file.sha256 : symbolic(body.value);
  return digest({ name, body: { [body.kind]: held }, metadata });
}
