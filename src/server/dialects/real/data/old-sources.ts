import { crash } from "../wire/answers.ts";
import type { Tree, TreeObject } from "../wire/tree.ts";
import type { Document } from "./entry-row.ts";
import { fileParts, urlParts, type Part } from "./sources.ts";

/** What the releases up to v0.2.0 make of `entry_data`, by the type of the datasource (llmstack-server.md 6.3). */
export function readEntryData(type: string, data: TreeObject): readonly Document[] {
  if (type === "text") return [textDocument(data)];
  const parts = type === "url" ? urlParts(data) : fileParts(data, type === "file" ? "|" : undefined);
  return parts.map((part) => documentOf(part, dataOf(part, data)));
}

function textDocument(data: TreeObject): Document {
  const { name = "Untitled", content = "" } = data;
  if (typeof name !== "string" || typeof content !== "string") throw crash();
  return documentOf({ name, text: content, mimeType: "text/plain", more: {} }, data);
}

/** What went in is kept, whole, and answered: contents can be compared here (5.5). */
function documentOf({ name, text }: Part, data: Tree): Document {
  return { name, text, config: { input: { name, data, config: {}, size: 0, metadata: {} } } };
}

function dataOf({ name, mimeType, more }: Part, { file, connection_id: connection }: TreeObject): Tree {
  if (more.url !== undefined) return { url: more.url, connection_id: connection ?? null };
  return { file_name: name, mime_type: mimeType, file_data: file ?? null };
}
