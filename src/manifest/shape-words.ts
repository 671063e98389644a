import type { ErrorObject } from "ajv/dist/2020.js";
import { isArray, isObject, type Json, type JsonObject } from "../model/json.ts";
import { type Pointer, pointer, pointerSegments } from "../model/pointer.ts";
import { didYouMean, nearest } from "./suggest.ts";

/** A shape problem, by its place in the manifest. */
export interface ShapeFault {
  readonly pointer: Pointer;
  readonly part: "key" | "value";
  readonly code: string;
  readonly message: string;
  readonly suggestion?: string;
}

/** What a document is called that has no name of its own. */
const WHOLE = "this document";

/** Directives that stand for text. */
const TEXT_DIRECTIVES = ["$env", "$file", "$secret", "$configMap"];

/** Keys of LLMStack's app documents that a definition does not take, and where they belong. */
const MOVED: { readonly [key: string]: string } = {
  is_published: "whether an app is published stands in spec.publish.state",
  visibility: "who may see an app stands in spec.publish.visibility",
  read_accessible_by: "who may use an app stands in spec.publish.readers",
  write_accessible_by: "who may change an app stands in spec.publish.writers",
  draft: "apps are always written live, never as drafts",
  comment: "the comment of a version is written by llmstack-sync",
  uuid: "the uuid of a live object stands in spec.uuid",
  slug: "servers ignore it",
  version: "servers count versions by themselves",
  categories: "servers ignore it",
  category_slugs: "servers ignore it",
  pages: "servers ignore it",
};

/** What an ajv error says to a person; nothing for one that another rule words better. */
export function sayError(
  error: ErrorObject,
  body: JsonObject,
  written: (pointer: Pointer) => Pointer,
): readonly ShapeFault[] {
  const { keyword, instancePath, params } = error;
  const name = fieldName(written(instancePath));
  const at = { pointer: instancePath, part: "value" as const };
  switch (keyword) {
    case "required":
      return [missing(error, body, name)];
    case "additionalProperties":
      return [unknownKey(error, name)];
    case "enum":
      return [{ ...at, code: "schema/enum", ...choice(name, error.data, listOf(params["allowedValues"])) }];
    case "const":
      return [{ ...at, code: "schema/const", ...choice(name, error.data, [String(params["allowedValue"])]) }];
    case "type":
      return [
        { ...at, code: "schema/type", message: `${name} must be ${typesOf(error.schema)}, not ${shown(error.data)}` },
      ];
    case "anyOf":
      return [{ ...at, code: "schema/type", message: noBranch(name, error) }];
    case "oneOf":
      return oneOf(error, name);
    case "pattern":
      return [{ ...at, code: "schema/pattern", message: `${name} does not have its form: ${described(error)}` }];
    case "minLength":
      return [{ ...at, code: "schema/length", message: `${name} must not be empty` }];
    case "maxLength":
      return [{ ...at, code: "schema/length", message: tooLong(name, error) }];
    default:
      return [
        { ...at, code: `schema/${keyword.toLowerCase()}`, message: `${name} ${error.message ?? "is not allowed"}` },
      ];
  }
}

function missing({ instancePath, params }: ErrorObject, body: JsonObject, name: string): ShapeFault {
  const key = String(params["missingProperty"]);
  const hint = key === "spec" && Object.hasOwn(body, "definition") ? ": definition stands under spec" : "";
  const message = `${key}${name === WHOLE ? "" : ` of ${name}`} is missing${hint}`;
  return { pointer: instancePath, part: "key", code: "schema/required", message };
}

function unknownKey({ instancePath, params, parentSchema }: ErrorObject, name: string): ShapeFault {
  const key = String(params["additionalProperty"]);
  const properties: unknown = isObject(parentSchema) ? parentSchema["properties"] : undefined;
  const at = { pointer: instancePath + pointer(key), part: "key" as const, code: "schema/unknown-field" };
  const moved = instancePath === "/spec/definition" && Object.hasOwn(MOVED, key) ? MOVED[key] : undefined;
  if (moved !== undefined) return { ...at, message: `${key} has no place in an app's definition: ${moved}` };
  const near = nearest(key, isObject(properties) ? Object.keys(properties) : []);
  const message = `${name} has no field ${key}${didYouMean(near)}`;
  return near === undefined ? { ...at, message } : { ...at, message, suggestion: near };
}

function choice(name: string, data: unknown, allowed: readonly string[]): { message: string; suggestion?: string } {
  const near = typeof data === "string" ? nearest(data, allowed) : undefined;
  const list = allowed.length === 1 ? `${allowed[0]}` : `one of ${allowed.join(", ")}`;
  const message = `${name} must be ${list}, not ${shown(data)}${allowed.length > 1 ? didYouMean(near) : ""}`;
  return near === undefined ? { message } : { message, suggestion: near };
}

function noBranch(name: string, error: ErrorObject): string {
  const branches = isArray<JsonObject>(error.schema) ? error.schema : [];
  const types = branches.filter(({ type }) => type !== undefined && type !== "null").map(({ type }) => typesOf(type));
  const directives = branches.some(({ $ref }) => $ref !== undefined) ? [`one of ${TEXT_DIRECTIVES.join(", ")}`] : [];
  return `${name} must be ${[...types, ...directives].join(" or ")}, not ${shown(error.data)}`;
}

/** Exactly one of some keys; a key whose value is null counts as absent. */
function oneOf(error: ErrorObject, name: string): readonly ShapeFault[] {
  const branches = isArray<JsonObject>(error.schema) ? error.schema : [];
  const keys = branches.flatMap(({ required }) => (isArray<string>(required) ? required : []));
  const { data } = error;
  const given = isObject(data) ? keys.filter((key) => Object.hasOwn(data, key) && data[key] !== null) : [];
  if (given.length === 1) return [];
  const found = given.length === 0 ? "none of them" : given.join(" and ");
  const message = `${name} takes exactly one of ${keys.join(", ")}, and has ${found}`;
  return [{ pointer: error.instancePath, part: "value", code: "schema/one-of", message }];
}

function tooLong(name: string, { params, data }: ErrorObject): string {
  const length = typeof data === "string" ? ` and has ${Array.from(data).length}` : "";
  return `${name} may have at most ${String(params["limit"])} characters${length}`;
}

function described({ parentSchema }: ErrorObject): string {
  const description: unknown = isObject(parentSchema) ? parentSchema["description"] : undefined;
  return typeof description === "string" ? description : "see the schema";
}

const TYPE_WORDS: { readonly [type: string]: string } = {
  string: "text",
  number: "a number",
  integer: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
};

function typesOf(type: unknown): string {
  const types = (isArray<unknown>(type) ? type : [type]).filter((each) => each !== "null");
  const words = types.map((each) => (typeof each === "string" ? (TYPE_WORDS[each] ?? each) : ""));
  return words.length === 0 ? "nothing" : words.join(" or ");
}

/** What stands there, without its text: it may be a secret that was put in the wrong place. */
function shown(data: unknown): string {
  if (data === null) return "null";
  if (isArray<Json>(data)) return "a list";
  if (isObject(data)) {
    const dollar = Object.keys(data).find((key) => key.startsWith("$"));
    return dollar === undefined ? "an object" : dollar;
  }
  if (typeof data === "string") return /^[\w./-]{1,40}$/u.test(data) ? data : "this text";
  return typeof data === "number" ? "a number" : "true or false";
}

function listOf(values: unknown): readonly string[] {
  return isArray<unknown>(values) ? values.filter((value) => typeof value === "string") : [];
}

/** A place as people write it: `processors[0].config`. The way down to the definition is left out. */
function fieldName(path: Pointer): string {
  const segments = pointerSegments(path);
  const start =
    segments[0] === "spec"
      ? segments[1] === "definition" && segments.length > 2
        ? 2
        : segments.length > 1
          ? 1
          : 0
      : 0;
  const name = segments
    .slice(start)
    .reduce(
      (text, segment) =>
        /^[0-9]+$/u.test(segment) ? `${text}[${segment}]` : text === "" ? segment : `${text}.${segment}`,
      "",
    );
  return name === "" ? WHOLE : name;
}
