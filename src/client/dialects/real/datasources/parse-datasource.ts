import { isObject, type Json, own } from "../../../../model/json.ts";
import type { LiveResource } from "../../../../model/live.ts";
import { MARK_KEY, parseMark } from "../../../../model/mark.ts";
import { type Item, objectOf, textOf, uuidOf } from "../../../wire-values.ts";
import { CUSTOM } from "../server-values.ts";

/**
 * A reader of datasources as real servers answer them (llmstack-server.md 5.2). `account` tells whose they are where the
 * server does not say it itself; empty where it is not known. It throws UnexpectedShape.
 */
export function parseDatasourceOf(account: string): (answer: Json) => LiveResource {
  return (answer) => {
    const item = objectOf(answer);
    const name = textOf(item, "name");
    const type = typeOf(own(item, "type") ?? null);
    const { pipeline, mark } = pipelineOf(item);
    return {
      kind: "Datasource",
      uuid: uuidOf(item),
      name,
      type,
      document: { name, type, ...(pipeline !== undefined && { pipeline }) },
      ...(mark !== undefined && { mark }),
      isOwned: isOwned(item, account),
      createdAt: textOf(item, "created_at"),
      updatedAt: textOf(item, "updated_at"),
    };
  };
}

/** Types have a slug from v0.1.5 on; before that a name, which differs from later slugs in case only (6.3). */
function typeOf(type: Json): string {
  if (typeof type === "string") return type;
  if (!isObject(type)) return CUSTOM;
  const { slug, name } = type;
  if (typeof slug === "string" && slug !== "") return slug;
  return typeof name === "string" ? name.toLowerCase() : CUSTOM;
}

function pipelineOf(item: Item): Pick<LiveResource, "mark"> & { readonly pipeline?: Json } {
  const pipeline = own(item, "pipeline");
  if (!isObject(pipeline)) return {};
  const { [MARK_KEY]: marked, ...rest } = pipeline;
  const mark = parseMark(marked);
  return { pipeline: rest, ...(mark !== undefined && { mark }) };
}

/** The list shows what an organisation shares, too (llmstack-server.md 1.3). */
function isOwned(item: Item, account: string): boolean {
  const { is_user_owned: isUserOwned, owner_email: owner } = item;
  if (typeof isUserOwned === "boolean") return isUserOwned;
  return account === "" || typeof owner !== "string" || owner === "" || owner === account;
}
