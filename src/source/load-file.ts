import { createHash } from "node:crypto";
import { posix } from "node:path";
import { SyncError } from "../model/errors.ts";
import type { FileBody } from "../model/resource.ts";
import type { Source, SourceBytes } from "../model/source.ts";

/** Larger than any prompt; a larger file belongs into an entry, which is streamed. */
const MAX_TEXT = 10 * 1024 * 1024;

/** The file's text. Throws SyncError where it is missing, above 10 MiB, or not UTF-8. */
export async function loadText(source: Source, root: string, path: string): Promise<string> {
  const bytes = await source.open(root, path);
  if (bytes.size > MAX_TEXT) throw unusable(path, "is larger than 10 MiB, the limit for a text");
  const pieces: Uint8Array[] = [];
  for await (const piece of bytes.read()) pieces.push(piece);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(pieces));
  } catch (cause) {
    throw unusable(path, "is not UTF-8 text", cause);
  }
}

/** The file as it is to be uploaded: its digest now, its bytes when they are sent. Throws SyncError. */
export async function loadBody(source: Source, root: string, path: string): Promise<FileBody> {
  const bytes = await source.open(root, path);
  const hash = createHash("sha256");
  let size = 0;
  for await (const piece of bytes.read()) {
    hash.update(piece);
    size += piece.length;
  }
  const sha256 = hash.digest("hex");
  return { path, fileName: posix.basename(path), size, sha256, read: () => readSame(bytes, path, sha256) };
}

/** The bytes again; a file that changed since its digest was taken is not what was planned. */
async function* readSame(bytes: SourceBytes, path: string, sha256: string): AsyncIterable<Uint8Array> {
  const hash = createHash("sha256");
  for await (const piece of bytes.read()) {
    hash.update(piece);
    yield piece;
  }
  if (hash.digest("hex") === sha256) return;
  throw new SyncError("stale_plan", `${path} changed while it was uploaded`, { remedy: "Run it again." });
}

function unusable(path: string, message: string, cause?: unknown): SyncError {
  return new SyncError("invalid_manifest", `${path} ${message}`, { ...(cause !== undefined && { cause }) });
}
