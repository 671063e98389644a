import { inspect } from "node:util";
import { isArray, isObject, type Json, type JsonObject } from "./json.ts";
import type { ResourceKey } from "./resource.ts";

/**
 * A document whose directives are not resolved yet: JSON, with references and secrets as values of their own types.
 * `$file` and `$configMap` are gone by then (their text is in place): they are neither secret nor decided by the server.
 */
export type Template = null | boolean | number | string | Reference | Secret | readonly Template[] | TemplateObject;
export interface TemplateObject {
  readonly [key: string]: Template;
}

/**
 * How a reference stands on the wire: the uuid itself, the JSON string of an app-to-app reference, or the id of a
 * connection, which is found by its name.
 */
export type ReferenceForm = "uuid" | "app" | "connection";

/**
 * What a reference may name beside the kinds: a connection, `Connection/<its name on the server>`, which people make and
 * no manifest does.
 */
export const CONNECTION = "Connection";

/** `{ $ref: Kind/name }`: stands for another managed resource until its uuid is known. */
export class Reference {
  readonly target: ResourceKey;
  readonly form: ReferenceForm;

  constructor(target: ResourceKey, form: ReferenceForm) {
    this.target = target;
    this.form = form;
  }
}

/** Where a secret comes from, which is all that may be shown of it. */
export type SecretSource =
  { readonly $env: string } | { readonly $secret: { readonly name: string; readonly key: string } };

/** A value that prints as `(secret)` everywhere. Only `reveal` gives it, and only the wire and comparisons call that. */
export class Secret {
  readonly source: SecretSource;
  readonly #value: string;

  constructor(source: SecretSource, value: string) {
    this.source = source;
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return SECRET;
  }

  toJSON(): string {
    return SECRET;
  }

  [inspect.custom](): string {
    return SECRET;
  }
}

/** What stands in every output where a secret value was. */
export const SECRET = "(secret)";

export function isTemplateObject(value: Template | undefined): value is TemplateObject {
  return isObject(value) && !(value instanceof Reference) && !(value instanceof Secret);
}

/**
 * The document before resolution, as plain JSON: references as `{ $ref }`, secrets as their source, and literal
 * one-key objects that look like a directive with `$$`. parseSymbolic gives the same template back.
 */
export function symbolic(template: Template): Json {
  return isLiteral(template) ? template : written(template);
}

/**
 * True for a template that is its own symbolic form: it holds no reference, no secret and nothing that looks like a
 * directive. Nearly every document is one, and a look is much cheaper than a copy.
 */
export function isLiteral(template: Template): template is Json {
  if (typeof template !== "object" || template === null) return true;
  if (isArray<Template>(template)) return template.every(isLiteral);
  if (!isTemplateObject(template)) return false;
  const keys = Object.keys(template);
  if (looksLikeDirective(keys)) return false;
  for (const key of keys) if (!isLiteral(template[key] ?? null)) return false;
  return true;
}

function written(template: Template): Json {
  if (template instanceof Reference) return { $ref: template.target };
  if (template instanceof Secret) return sourceToJson(template.source);
  if (isArray<Template>(template)) return template.map(written);
  if (!isTemplateObject(template)) return template;
  return withEscapedDirective(
    Object.fromEntries(Object.entries(template).map(([key, value]) => [key, written(value)])),
  );
}

/** A literal one-key object that looks like a directive gets a second `$`, so that it is not taken for one. */
export function withEscapedDirective(literal: JsonObject): JsonObject {
  const keys = Object.keys(literal);
  const [only = ""] = keys;
  return looksLikeDirective(keys) ? { [`$${only}`]: literal[only] ?? null } : literal;
}

function looksLikeDirective(keys: readonly string[]): boolean {
  return keys.length === 1 && keys[0]?.startsWith("$") === true;
}

/** The symbolic form of an object template, typed as the object that it is. */
export function symbolicObject(template: TemplateObject): JsonObject {
  const value = symbolic(template);
  return isObject(value) ? value : {};
}

/** The document as the server is to hold it; `reference` gives what a reference stands for on the wire. */
export function resolve(template: Template, reference: (reference: Reference) => Json): Json {
  if (template instanceof Reference) return reference(template);
  if (template instanceof Secret) return template.reveal();
  if (isArray<Template>(template)) return template.map((item) => resolve(item, reference));
  if (!isTemplateObject(template)) return template;
  return Object.fromEntries(Object.entries(template).map(([key, value]) => [key, resolve(value, reference)]));
}

/** Every reference in the document, in document order. */
export function referencesIn(template: Template): readonly Reference[] {
  if (template instanceof Reference) return [template];
  if (isArray<Template>(template)) return template.flatMap(referencesIn);
  return isTemplateObject(template) ? Object.values(template).flatMap(referencesIn) : [];
}

function sourceToJson(source: SecretSource): JsonObject {
  return "$env" in source ? { $env: source.$env } : { $secret: { ...source.$secret } };
}
