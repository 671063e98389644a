import { isArray, isObject, type Json, type JsonObject, own } from "../model/json.ts";
import { type CompleteList, completeList, type EntryStatus, type LiveResource } from "../model/live.ts";
import { MARK_KEY, parseMark } from "../model/mark.ts";
import { UnexpectedShape } from "./http.ts";
import { parseUuid, type Uuid } from "./uuid.ts";

/** One object of an answer. The readers here throw UnexpectedShape, which never repeats a value but a uuid. */
export interface Item {
  readonly [key: string]: Json;
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
export function withoutMark(data: JsonObject): Pick<LiveResource, "document" | "mark"> {
  const config = own(data, "config");
  if (!isObject(config) || !Object.hasOwn(config, MARK_KEY)) return { document: data };
  const { [MARK_KEY]: marked, ...rest } = config;
  const mark = parseMark(marked);
  return { document: { ...data, config: rest }, ...(mark !== undefined && { mark }) };
}

/** The answer as an object. */
export function objectOf(answer: Json): Item {
  if (!isObject(answer)) throw new UnexpectedShape("it is no object");
  return answer;
}

/** The object's own uuid. */
export function uuidOf(item: Item): Uuid {
  const uuid = parseUuid(own(item, "uuid"));
  if (uuid === undefined) throw new UnexpectedShape("it has no valid `uuid`");
  return uuid;
}

/** The text at a key. */
export function textOf(item: Item, key: string): string {
  const value = own(item, key);
  if (typeof value !== "string") throw new UnexpectedShape(`${named(item)} has no text \`${key}\``);
  return value;
}

/** What to call an object in a message. */
export function named(item: Item): string {
  return parseUuid(own(item, "uuid")) ?? "it";
}

/** Statuses that nobody here knows are UNKNOWN. */
export function statusOf(status: string): EntryStatus {
  return status === "READY" || status === "PROCESSING" || status === "FAILED" ? status : "UNKNOWN";
}

/** A reader for the answer about one object; an answer about another one than was asked for must not be believed. */
export function asked(uuid: string, parse: (answer: Json) => LiveResource): (answer: Json) => LiveResource {
  return (answer) => {
    const live = parse(answer);
    if (live.uuid !== uuid.toLowerCase()) throw new UnexpectedShape(`it is about ${live.uuid}`);
    return live;
  };
}
