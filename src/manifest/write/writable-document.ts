import { isObject, type JsonObject } from "../../model/json.ts";
import type { LiveResource } from "../../model/live.ts";
import type { Note } from "../../model/plan.ts";
import type { ResourceKey } from "../../model/resource.ts";
import { shapes } from "../shapes.ts";
import { inOrder } from "./key-order.ts";
import { unwritable } from "./write-document.ts";

interface WritableDocument {
  readonly document: JsonObject;
  /** What manifests cannot say of it. */
  readonly notes: readonly Note[];
}

/** The document in the order of manifests, without the fields that manifests of its kind do not have. */
export function writableDocument({ kind, document }: LiveResource, key: ResourceKey): WritableDocument {
  const known = new Set(documentFields(kind));
  const fields = Object.entries(document).filter(([, value]) => value !== null);
  const extra = fields.map(([name]) => name).filter((name) => !known.has(name));
  return {
    document: inOrder(Object.fromEntries(fields.filter(([name]) => known.has(name)))),
    notes: [
      ...extra.toSorted().map((name) => ({
        code: "export/unknown-field",
        message: `${key} has a field ${name} that no manifest can hold: it is left out`,
        key,
      })),
      ...unwritable(inOrder(document)).map((at) => ({
        code: "export/dollar-key",
        message: `${key} holds a key that starts with $ beside others at ${at}, which manifests cannot say: its file will be refused until that is changed`,
        key,
      })),
    ],
  };
}

/** What the schema of a kind allows at the top of its document. */
function documentFields(kind: string): readonly string[] {
  const schema = shapes[kind]?.schema ?? {};
  const path = ["spec", ...(shapes[kind]?.document ?? [])];
  const part = path.reduce<unknown>((inner, name) => member(member(inner, "properties"), name), schema);
  const fields = member(part, "properties");
  return isObject(fields) ? Object.keys(fields) : [];
}

function member(value: unknown, name: string): unknown {
  return isObject(value) ? value[name] : undefined;
}
