import { createHash } from "node:crypto";
import { isArray } from "../../../../model/json.ts";
import { Answered, badRequestPage, crash } from "../wire/answers.ts";
import { given } from "../wire/python.ts";
import { isTreeObject, type Tree, type TreeObject } from "../wire/tree.ts";
import type { RealCall } from "../wire/view.ts";
import type { Document } from "./entry-row.ts";
import { zipNames } from "./zip-names.ts";

const URLS_LIMIT = 1600;

/** What a source makes of `source_data`: nothing is stored by then. Throws Answered 400 or 500 (llmstack-server.md 5.5). */
export function readSourceData(
  call: RealCall,
  source: string,
  data: TreeObject,
  datasource: string,
): readonly Document[] {
  const documents = partsOf(call, source, data);
  const extraInfo = extraInfoOf(call, data);
  return documents.map(({ name, text, mimeType, more }) => {
    const objref = `objref://datasource_entries/${call.uuid()}`;
    const config = {
      name,
      content: objref,
      text_objref: objref,
      mimetype: mimeType,
      metadata: {
        source: name,
        mime_type: mimeType,
        ...(more.file_name !== undefined && { file_name: more.file_name }),
      },
      extra_info: extraInfo,
      request_data: more.url === undefined ? {} : { url: more.url },
      datasource_uuid: datasource,
      processing_errors: null,
    };
    return { name, text, config };
  });
}

/** One thing that becomes one entry. */
export interface Part {
  readonly name: string;
  readonly text: string;
  readonly mimeType: string;
  readonly more: { readonly url?: string; readonly file_name?: string };
}

function partsOf(call: RealCall, source: string, data: TreeObject): readonly Part[] {
  switch (source) {
    case "text":
      return [textPart(call, data)];
    case "url":
      return urlParts(data);
    case "file":
      return fileParts(data, "|");
    case "archive":
      return archiveParts(data);
    default:
      return fileParts(data, undefined);
  }
}

/** A newline in the name breaks the data URI that is made of it, `..` climbs out of the store (5.5). */
function textPart({ era }: RealCall, data: TreeObject): Part {
  const name = Object.hasOwn(data, "name") ? data["name"] : "Untitled";
  const content = Object.hasOwn(data, "content") ? data["content"] : missingContent(era.data.textContent);
  if (typeof name !== "string" || typeof content !== "string" || /[\n\r]/u.test(name)) throw crash();
  if (name.includes("..")) throw new Answered(badRequestPage());
  return { name, text: content, mimeType: "text/plain", more: {} };
}

function missingContent(rule: "optional" | "required"): string {
  if (rule === "required") throw crash();
  return "";
}

/** One for each different URL, in no order to rely on; what ends in .xml is dropped (5.5). */
export function urlParts(data: TreeObject): readonly Part[] {
  const urls = given(data, "urls");
  if (typeof urls !== "string" || urls.length > URLS_LIMIT) throw crash();
  const distinct = new Set(urls.split(/[,\n]/u).map((url) => url.trim()));
  const kept = [...distinct].filter((url) => url !== "" && !url.endsWith(".xml"));
  return kept
    .toSorted((a, b) => (digest(a) < digest(b) ? -1 : 1))
    .map((url) => ({ name: url, text: url, mimeType: "text/html", more: { url } }));
}

/** Data URIs with a name; plain base64 and a `+` in the type are none (5.5). */
export function fileParts(data: TreeObject, separator: string | undefined): readonly Part[] {
  const file = given(data, "file");
  if (typeof file !== "string" || file === "") throw crash();
  return (separator === undefined ? [file] : file.split(separator)).map(filePart);
}

function filePart(file: string): Part {
  if (file.startsWith("objref://")) {
    const name = file.split("/").at(-1) ?? "";
    return { name, text: "", mimeType: "application/octet-stream", more: { file_name: name } };
  }
  const [, mimeType, name, base64] = /^data:([\w/\-.]+);name=(.*?);base64,([^]*)$/u.exec(file) ?? [];
  if (mimeType === undefined || name === undefined || base64 === undefined) throw crash();
  if (name.includes("..")) throw new Answered(badRequestPage());
  return { name, text: contentOf(mimeType, base64), mimeType, more: { file_name: name } };
}

function archiveParts(data: TreeObject): readonly Part[] {
  const parts = fileParts(data, undefined);
  if (data["split_files"] !== true) return parts;
  const { file } = data;
  const base64 = typeof file === "string" ? file.split(";base64,")[1] : undefined;
  const names = zipNames(Buffer.from(base64 ?? "", "base64"));
  if (names === undefined) throw crash();
  const { file_regex: pattern } = data;
  const wanted = typeof pattern === "string" && pattern !== "" ? new RegExp(pattern, "u") : undefined;
  return names
    .filter((name) => wanted === undefined || wanted.test(name))
    .map((name) => ({ name, text: name, mimeType: "application/octet-stream", more: { file_name: name } }));
}

function contentOf(mimeType: string, base64: string): string {
  const isText = mimeType.startsWith("text/") || mimeType === "application/json";
  return isText ? Buffer.from(base64, "base64").toString("utf8") : base64.slice(0, 1000);
}

/** From v0.2.4 on gone through whether it is there or not; the last of two equal names stays (5.5). */
function extraInfoOf({ era }: RealCall, data: TreeObject): Tree {
  if (era.data.extraData === "ignored") return {};
  const extra = given(data, "extra_data");
  if (!isArray<Tree>(extra)) throw crash();
  return { extra_data: Object.fromEntries(extra.map(extraOf)) };
}

function extraOf(item: Tree): readonly [string, string] {
  const { name, value } = isTreeObject(item) ? item : {};
  if (typeof name !== "string" || typeof value !== "string") throw crash();
  return [name, value];
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
