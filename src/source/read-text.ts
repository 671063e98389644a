import { isUtf8 } from "node:buffer";
import { createReadStream, readFileSync, statSync } from "node:fs";
import { explain } from "./explain.ts";

/** Larger than any manifest that a person wrote; a larger one is never read into memory. */
const MAX_BYTES = 10 * 1024 * 1024;

export type TextOrObstacle = { readonly text: string } | { readonly obstacle: string };

/** The file's text without a byte order mark, or why it has none: unreadable, above 10 MiB, not UTF-8 (with position). */
export async function readText(path: string): Promise<TextOrObstacle> {
  try {
    const found = statSync(path);
    if (found.size > MAX_BYTES) return tooLarge();
    // Synchronous: on a local disk several times faster than the promises of node:fs, which cost more than the reading.
    const bytes = found.isFile() ? readFileSync(path) : await readToEnd(path);
    return bytes === undefined ? tooLarge() : decodeText(bytes);
  } catch (error) {
    return { obstacle: explain(error) };
  }
}

/** The same limits and rules for a text that came from elsewhere, as from standard input. */
export function checkText(text: string): TextOrObstacle {
  if (Buffer.byteLength(text) > MAX_BYTES) return tooLarge();
  return { text: text.startsWith("\uFEFF") ? text.slice(1) : text };
}

/** What a pipe holds, whose size nobody knows before; undefined above the limit. */
async function readToEnd(path: string): Promise<Buffer | undefined> {
  const pieces: Uint8Array[] = [];
  let total = 0;
  for await (const piece of createReadStream(path) as AsyncIterable<Uint8Array>) {
    pieces.push(piece);
    total += piece.length;
    if (total > MAX_BYTES) return undefined;
  }
  return Buffer.concat(pieces);
}

/** The same for bytes that were read already. */
export function decodeText(bytes: Buffer): TextOrObstacle {
  if (bytes.length > MAX_BYTES) return tooLarge();
  if (isUtf8(bytes)) return checkText(bytes.toString("utf8"));
  const { line, column } = invalidPosition(bytes);
  return { obstacle: `is not valid UTF-8 at line ${line}, column ${column}: save it as UTF-8` };
}

/** Where decoding and encoding again first gives other bytes. */
function invalidPosition(bytes: Buffer): { readonly line: number; readonly column: number } {
  const again = Buffer.from(bytes.toString("utf8"));
  const differs = bytes.findIndex((byte, index) => byte !== again[index]);
  const before = bytes.subarray(0, differs === -1 ? bytes.length : differs).toString("utf8");
  const lines = before.split("\n");
  return { line: lines.length, column: Array.from(lines.at(-1) ?? "").length + 1 };
}

export function tooLarge(): TextOrObstacle {
  return { obstacle: "is larger than 10 MiB, the limit for a manifest" };
}
