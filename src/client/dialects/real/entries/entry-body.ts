import { SyncError } from "../../../../model/errors.ts";
import type { Json, JsonObject } from "../../../../model/json.ts";
import { entryMarkToText, MARK_KEY } from "../../../../model/mark.ts";
import { entryNameWithMark } from "../../../../model/mark-of.ts";
import type { EntryDraft } from "../../../client.ts";
import { fileUpload } from "../../../file-upload.ts";
import { jsonBody, type RequestBody } from "../../../request-body.ts";
import { assertStorable } from "../../../storable.ts";
import type { Era } from "../era.ts";
import { dataUriHead } from "./data-uri.ts";

/**
 * What POST .../add_entry takes (llmstack-server.md 5.5). A file is read while it is sent, never held whole. Throws
 * SyncError `invalid_manifest` for what a server would drop, split in two, or fail on.
 */
export function entryBody(draft: EntryDraft, { entry, extraData }: Era): RequestBody {
  const { body } = draft;
  // Without the list a server that knows it fails, with it older ones do not mind (5.5).
  const extra = entry === "source_data" ? { extra_data: extraData === "kept" ? extraDataOf(draft) : [] } : {};
  const name = nameOf(draft, extraData);
  assertStorable([name, extra]);
  if (body.kind === "file") {
    const head = JSON.stringify(dataUriHead(name, body.file)).slice(0, -1);
    const rest = JSON.stringify(extra).slice(1, -1);
    return fileUpload(body.file, {
      before: `{${JSON.stringify(entry)}:{"file":${head}`,
      after: `"${rest === "" ? "" : `,${rest}`}}}`,
      echo: { name, ...extra },
    });
  }
  assertStorable(body.value);
  const data =
    body.kind === "url" ? { urls: checkedUrl(draft, body.value) } : { name: checkedName(name), content: body.value };
  return jsonBody({ [entry]: { ...data, ...extra } });
}

/** Where an entry keeps nothing beside its content, its name has to tell whose it is and what it holds. */
function nameOf({ name, mark }: EntryDraft, extraData: Era["extraData"]): string {
  return extraData === "kept" ? name : entryNameWithMark(name, mark);
}

/** Names and values; values that are no text are a server error (5.5), and the last of two with one name stays. */
function extraDataOf({ metadata, mark }: EntryDraft): readonly JsonObject[] {
  const own = Object.entries(metadata).map(([name, value]) => ({ name, value: textOf(value) }));
  return [...own, { name: MARK_KEY, value: entryMarkToText(mark) }];
}

function textOf(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Servers refuse `..` in a name, and fail on a line break (5.5). */
function checkedName(name: string): string {
  if (!name.includes("..") && !/[\r\n]/u.test(name)) return name;
  throw unfit(`entry ${JSON.stringify(name)} cannot have this name`, "Leave out `..` and line breaks.");
}

const LONGEST_URLS = 1600;

/** One field takes several addresses, parted by commas and line breaks, and drops sitemaps (5.5). */
function checkedUrl({ name }: EntryDraft, url: string): string {
  const entry = `the address of entry ${JSON.stringify(name)}`;
  if (/[,\s]/u.test(url))
    throw unfit(`${entry} holds a comma or a space`, "Write %2C and %20: a server splits it there.");
  if (url.length > LONGEST_URLS)
    throw unfit(`${entry} is longer than ${LONGEST_URLS} characters`, "Use a shorter one.");
  if (/\.xml$/iu.test(url)) throw unfit(`${entry} ends in .xml`, "Servers take that for a sitemap and drop it.");
  return url;
}

function unfit(message: string, remedy: string): SyncError {
  return new SyncError("invalid_manifest", message, { remedy: `Nothing was sent. ${remedy}` });
}
