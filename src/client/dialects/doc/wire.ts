import { isArray, isObject, type Json, type JsonObject, own } from "../../../model/json.ts";
import {
  type CompleteList,
  completeList,
  type EntryStatus,
  type LiveEntry,
  type LiveResource,
} from "../../../model/live.ts";
import { MARK_KEY, parseEntryMark, parseMark } from "../../../model/mark.ts";
import { UnexpectedShape } from "../../http.ts";
import { parseUuid, type Uuid } from "../../uuid.ts";

type Item = { readonly [key: string]: Json };

/** An app as the documented API answers it; its document is the definition without our mark. Throws UnexpectedShape. */
export function parseApp(answer: Json): LiveResource {
  const item = objectOf(answer);
  const data = own(item, "data");
  if (!isObject(data)) throw new UnexpectedShape(`${named(item)} has no object \`data\``);
  const name = textOf(item, "name");
  const type = textOf(item, "type_slug");
  const { document, mark } = withoutMark({ name, type_slug: type, ...data });
  return {
    kind: "App",
    uuid: uuidOf(item),
    name,
    type,
    document,
    ...(mark !== undefined && { mark }),
    isOwned: true,
    createdAt: textOf(item, "created_at"),
    updatedAt: textOf(item, "last_updated_at"),
  };
}

/** A datasource as the documented API answers it (documented-api.md, Datasources). Throws UnexpectedShape. */
export function parseDatasource(answer: Json): LiveResource {
  const item = objectOf(answer);
  const name = textOf(item, "name");
  const type = textOf(item, "type");
  return {
    kind: "Datasource",
    uuid: uuidOf(item),
    name,
    type,
    document: { name, type },
    isOwned: true,
    createdAt: textOf(item, "created_at"),
    updatedAt: textOf(item, "updated_at"),
  };
}

/** An entry of a datasource. Throws UnexpectedShape. */
export function parseEntry(answer: Json): LiveEntry {
  const item = objectOf(answer);
  const metadata = own(item, "entry_metadata") ?? {};
  if (!isObject(metadata)) throw new UnexpectedShape(`${named(item)} has an \`entry_metadata\` that is no object`);
  const { [MARK_KEY]: marked, ...rest } = metadata;
  const mark = parseEntryMark(marked);
  const reason = reasonOf(item);
  const body = bodyOf(own(item, "entry_data") ?? null);
  return {
    uuid: uuidOf(item),
    name: textOf(item, "name"),
    status: statusOf(textOf(item, "status")),
    ...(mark !== undefined && { mark }),
    ...(reason !== undefined && { reason }),
    ...(body !== undefined && { body }),
    metadata: rest,
    createdAt: textOf(item, "created_at"),
  };
}

function bodyOf(data: Json): LiveEntry["body"] {
  if (!isObject(data)) return undefined;
  const { content, url } = data;
  if (typeof content === "string") return { kind: "content", value: content };
  return typeof url === "string" ? { kind: "url", value: url } : undefined;
}

/** Every item, each uuid once; one that is not understood makes the whole list unusable (UnexpectedShape). */
export function parseList<T extends { readonly uuid: string }>(
  item: (answer: Json) => T,
): (answer: Json) => CompleteList<T> {
  return (answer) => {
    if (!isArray<Json>(answer)) throw new UnexpectedShape("it is no list");
    const items = answer.map((value, index) => numbered(index, () => item(value)));
    return completeList([...new Map(items.map((parsed) => [parsed.uuid, parsed])).values()]);
  };
}

function numbered<T>(index: number, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof UnexpectedShape)) throw error;
    throw new UnexpectedShape(`item ${index + 1} of the list: ${error.message}`, { cause: error });
  }
}

/** A config that held nothing but the mark stays as an empty one: whether a manifest states it is not known here. */
function withoutMark(data: JsonObject): Pick<LiveResource, "document" | "mark"> {
  const config = own(data, "config");
  if (!isObject(config) || !Object.hasOwn(config, MARK_KEY)) return { document: data };
  const { [MARK_KEY]: marked, ...rest } = config;
  const mark = parseMark(marked);
  return { document: { ...data, config: rest }, ...(mark !== undefined && { mark }) };
}

function objectOf(answer: Json): Item {
  if (!isObject(answer)) throw new UnexpectedShape("it is no object");
  return answer;
}

function uuidOf(item: Item): Uuid {
  const uuid = parseUuid(own(item, "uuid"));
  if (uuid === undefined) throw new UnexpectedShape("it has no valid `uuid`");
  return uuid;
}

function textOf(item: Item, key: string): string {
  const value = own(item, key);
  if (typeof value !== "string") throw new UnexpectedShape(`${named(item)} has no text \`${key}\``);
  return value;
}

function named(item: Item): string {
  return parseUuid(own(item, "uuid")) ?? "it";
}

function statusOf(status: string): EntryStatus {
  return status === "READY" || status === "PROCESSING" || status === "FAILED" ? status : "UNKNOWN";
}

/** The documented page names no field for it; these are where a server would put it. */
function reasonOf(item: Item): string | undefined {
  const reason = own(item, "status_reason") ?? own(item, "error") ?? own(item, "detail");
  return typeof reason === "string" && reason !== "" ? reason : undefined;
}
