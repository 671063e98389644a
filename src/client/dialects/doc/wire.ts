import { isObject, type Json, own } from "../../../model/json.ts";
import type { LiveEntry, LiveResource } from "../../../model/live.ts";
import { MARK_KEY, parseEntryMark } from "../../../model/mark.ts";
import { UnexpectedShape } from "../../http.ts";
import { type Item, named, objectOf, statusOf, textOf, uuidOf, withoutMark } from "../../wire-values.ts";

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

/** The documented page names no field for it; these are where a server would put it. */
function reasonOf(item: Item): string | undefined {
  const reason = own(item, "status_reason") ?? own(item, "error") ?? own(item, "detail");
  return typeof reason === "string" && reason !== "" ? reason : undefined;
}
