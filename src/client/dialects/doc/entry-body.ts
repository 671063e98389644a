import type { JsonObject } from "../../../model/json.ts";
import { entryMarkToText, MARK_KEY } from "../../../model/mark.ts";
import type { FileBody } from "../../../model/resource.ts";
import type { EntryDraft } from "../../client.ts";
import { fileUpload } from "../../file-upload.ts";
import { jsonBody, type RequestBody } from "../../request-body.ts";

/** What POST .../entries takes (documented-api.md, Add entry). A file is read while it is sent, never held whole. */
export function entryBody({ name, body, metadata, mark }: EntryDraft): RequestBody {
  const marked: JsonObject = { ...metadata, [MARK_KEY]: entryMarkToText(mark) };
  return body.kind === "file"
    ? fileBody(name, body.file, marked)
    : jsonBody({ entry_data: { name, [body.kind]: body.value }, entry_metadata: marked });
}

function fileBody(name: string, file: FileBody, metadata: JsonObject): RequestBody {
  return fileUpload(file, {
    before: `{"entry_data":{"name":${JSON.stringify(name)},"file":"`,
    after: `"},"entry_metadata":${JSON.stringify(metadata)}}`,
    echo: { name, metadata },
  });
}
