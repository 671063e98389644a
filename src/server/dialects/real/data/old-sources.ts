import type { Era } from "../era.ts";
import { crash } from "../wire/answers.ts";
import type { Tree, TreeObject } from "../wire/tree.ts";
import type { Document } from "./entry-row.ts";
import { fileParts, urlParts, type Part } from "./sources.ts";

/**
 * What the releases up to v0.2.0 make of `entry_data`, by the type of the datasource (llmstack-server.md 6.3). Up to
 * v0.1.4 an entry without a name is refused where nobody looks; from v0.1.5 on (`piped`) each keeps all that was sent.
 */
export function readEntryData(entries: Era["data"]["entries"], type: string, data: TreeObject): readonly Document[] {
  const parts = partsOf(type, data);
  if (entries === "entry_data piped")
    return parts.map(({ name, text }) => ({ name, text, config: keptAs(name, data) }));
  const named = parts.filter(({ name }) => name !== "");
  return named.map((part) => documentOf(part, type === "text" ? data : dataOf(part, data)));
}

function partsOf(type: string, data: TreeObject): readonly Part[] {
  if (type === "text") return [textPart(data)];
  return type === "url" ? urlParts(data) : fileParts(data, type === "file" ? "|" : undefined);
}

function keptAs(name: string, data: TreeObject): TreeObject {
  return { input: { data, name, size: 0 } };
}

function textPart(data: TreeObject): Part {
  const { name = "Untitled", content = "" } = data;
  if (typeof name !== "string" || typeof content !== "string") throw crash();
  return { name, text: content, mimeType: "text/plain", more: {} };
}

/** What went in is kept, whole, and answered: contents can be compared here (5.5). */
function documentOf({ name, text }: Part, data: Tree): Document {
  return { name, text, config: { input: { name, data, config: {}, size: 0, metadata: {} } } };
}

function dataOf({ name, mimeType, more }: Part, { file, connection_id: connection }: TreeObject): Tree {
  if (more.url !== undefined) return { url: more.url, connection_id: connection ?? null };
  return { file_name: name, mime_type: mimeType, file_data: file ?? null };
}
