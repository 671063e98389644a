import { SyncError } from "../../../../model/errors.ts";
import type { FileBody } from "../../../../model/resource.ts";

/** By the end of a file's name. Servers understand no type with a `+` in it (llmstack-server.md 5.5). */
const TYPES: Readonly<Record<string, string>> = {
  bmp: "image/bmp",
  css: "text/css",
  csv: "text/csv",
  doc: "application/msword",
  docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  gif: "image/gif",
  gz: "application/gzip",
  htm: "text/html",
  html: "text/html",
  jpeg: "image/jpeg",
  jpg: "image/jpeg",
  js: "application/javascript",
  json: "application/json",
  log: "text/plain",
  markdown: "text/markdown",
  md: "text/markdown",
  mp3: "audio/mpeg",
  mp4: "video/mp4",
  odt: "application/vnd.oasis.opendocument.text",
  pdf: "application/pdf",
  png: "image/png",
  ppt: "application/vnd.ms-powerpoint",
  pptx: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
  rst: "text/plain",
  rtf: "application/rtf",
  tar: "application/x-tar",
  tsv: "text/tab-separated-values",
  txt: "text/plain",
  wav: "audio/wav",
  xls: "application/vnd.ms-excel",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  xml: "application/xml",
  yaml: "text/plain",
  yml: "text/plain",
  zip: "application/zip",
};

/** A data URI up to where the base64 begins. Throws SyncError `invalid_manifest` for a name that would break it. */
export function dataUriHead(name: string, { fileName }: FileBody): string {
  // A bar parts several files, and the name ends at the last `;base64,` of a line (llmstack-server.md 5.5).
  if (/[|\r\n]|;base64,/u.test(name) || name.includes("..")) {
    throw new SyncError("invalid_manifest", `entry ${JSON.stringify(name)} cannot have this name`, {
      remedy: "Nothing was sent. Leave out `|`, `..` and line breaks: servers split a file's name there, or refuse it.",
    });
  }
  const ending = fileName.slice(fileName.lastIndexOf(".") + 1).toLowerCase();
  const type = Object.hasOwn(TYPES, ending) ? TYPES[ending] : undefined;
  return `data:${type ?? "application/octet-stream"};name=${name};base64,`;
}
