import { isObject, type JsonObject } from "../../../model/json.ts";
import { Refusal } from "../../refusal.ts";
import type { Call } from "../../route.ts";
import type { Row } from "../../store/store.ts";

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/iu;

/** The row that the path names; throws Refusal `not-found`, for what is no uuid too. */
export function findRow(call: Call, collection: string, parameter = "uuid"): Row {
  const uuid = call.parameter(parameter);
  const row = UUID.test(uuid) ? call.store.get(collection, uuid.toLowerCase()) : undefined;
  if (row === undefined) throw new Refusal({ kind: "not-found" });
  return row;
}

/** A stored text as the object that was stored. */
export function readRow({ text }: Pick<Row, "text">): JsonObject {
  return asObject(JSON.parse(text));
}

/** A string of a stored object; empty where it is something else. */
export function textAt(object: JsonObject, key: string): string {
  const value = object[key];
  return typeof value === "string" ? value : "";
}

export function asObject(value: unknown): JsonObject {
  return isObject(value) ? (value as JsonObject) : {};
}
