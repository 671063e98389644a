import { SyncError } from "../model/errors.ts";
import type { Json } from "../model/json.ts";
import type { FileBody } from "../model/resource.ts";
import { base64Chunks, base64Length } from "./base64.ts";
import { type RequestBody, streamedBody } from "./request-body.ts";

interface Around {
  /** JSON text up to where the file's base64 belongs, and from there on. */
  readonly before: string;
  readonly after: string;
  /** What of it an answer could echo. */
  readonly echo: Json;
}

/** A JSON body with a file in it as base64, read while it is sent and never held whole. */
export function fileUpload(file: FileBody, { before, after, echo }: Around): RequestBody {
  const size = Buffer.byteLength(before) + base64Length(file.size) + Buffer.byteLength(after);
  async function* chunks(): AsyncIterable<string> {
    yield before;
    yield* base64Chunks(exactly(file));
    yield after;
  }
  return streamedBody("application/json", size, chunks, echo);
}

/** The request's size was announced, so a file that grew or shrank meanwhile ends the request. */
async function* exactly(file: FileBody): AsyncIterable<Uint8Array> {
  let size = 0;
  for await (const chunk of file.read()) {
    size += chunk.length;
    if (size > file.size) break;
    yield chunk;
  }
  if (size === file.size) return;
  throw new SyncError("stale_plan", `${file.path} changed while it was being sent`, {
    remedy: "Nothing was stored. Run again when nothing writes to the file.",
  });
}
