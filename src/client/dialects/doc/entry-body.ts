import { SyncError } from "../../../model/errors.ts";
import type { JsonObject } from "../../../model/json.ts";
import { entryMarkToText, MARK_KEY } from "../../../model/mark.ts";
import type { FileBody } from "../../../model/resource.ts";
import { base64Chunks, base64Length } from "../../base64.ts";
import type { EntryDraft } from "../../client.ts";
import { jsonBody, type RequestBody, streamedBody } from "../../request-body.ts";

/** What POST .../entries takes (documented-api.md, Add entry). A file is read while it is sent, never held whole. */
export function entryBody({ name, body, metadata, mark }: EntryDraft): RequestBody {
  const marked: JsonObject = { ...metadata, [MARK_KEY]: entryMarkToText(mark) };
  return body.kind === "file"
    ? fileBody(name, body.file, marked)
    : jsonBody({ entry_data: { name, [body.kind]: body.value }, entry_metadata: marked });
}

function fileBody(name: string, file: FileBody, metadata: JsonObject): RequestBody {
  const before = `{"entry_data":{"name":${JSON.stringify(name)},"file":"`;
  const after = `"},"entry_metadata":${JSON.stringify(metadata)}}`;
  const size = Buffer.byteLength(before) + base64Length(file.size) + Buffer.byteLength(after);
  async function* chunks(): AsyncIterable<string> {
    yield before;
    yield* base64Chunks(exactly(file));
    yield after;
  }
  return streamedBody("application/json", size, chunks, { name, metadata });
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
