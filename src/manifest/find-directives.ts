import { isArray, isObject, type Json, type JsonObject, own } from "../model/json.ts";
import { type Pointer, pointer } from "../model/pointer.ts";
import { CONNECTION } from "../model/template.ts";
import type { Shape } from "./shapes.ts";
import { didYouMean, nearest } from "./suggest.ts";

/** A directive as it was written, its argument checked. */
export type Directive =
  | { readonly name: "$ref"; readonly argument: string }
  | { readonly name: "$env"; readonly argument: string }
  | { readonly name: "$file"; readonly argument: string }
  | { readonly name: "$secret"; readonly argument: NameAndKey }
  | { readonly name: "$configMap"; readonly argument: NameAndKey };

interface NameAndKey {
  readonly name: string;
  readonly key: string;
}

export type FoundDirective = Directive & {
  /** Into the manifest. */
  readonly pointer: Pointer;
  /** What a `$file` there stands for. */
  readonly as: "text" | "bytes";
};

export interface DirectiveFault {
  readonly pointer: Pointer;
  readonly code: string;
  readonly message: string;
  readonly suggestion?: string;
}

export interface Findings {
  readonly directives: readonly FoundDirective[];
  readonly faults: readonly DirectiveFault[];
}

const NAMES = ["$ref", "$env", "$file", "$secret", "$configMap"];

interface Walk {
  readonly shape: Shape;
  readonly directives: FoundDirective[];
  readonly faults: DirectiveFault[];
}

/** Every directive of a manifest, and every object with a `$` key that is none or stands where none may. */
export function findDirectives(body: JsonObject, shape: Shape): Findings {
  const walk: Walk = { shape, directives: [], faults: [] };
  visit(walk, own(body, "spec") ?? null, ["spec"], "outside");
  return { directives: walk.directives, faults: walk.faults };
}

function visit(walk: Walk, value: Json, path: readonly string[], where: "outside" | "inside"): void {
  const here = where === "inside" || matches(walk.shape.directives, path) ? "inside" : "outside";
  if (isArray<Json>(value)) {
    for (const [index, item] of value.entries()) visit(walk, item, [...path, String(index)], here);
  } else if (isObject(value) && visitObject(walk, value, path, here) === "look-inside") {
    for (const [key, item] of Object.entries(value)) visit(walk, item, [...path, key], here);
  }
}

function visitObject(
  walk: Walk,
  value: JsonObject,
  path: readonly string[],
  here: "outside" | "inside",
): "look-inside" | "done" {
  const keys = Object.keys(value);
  const dollar = keys.find((key) => key.startsWith("$"));
  if (dollar === undefined) return "look-inside";
  const isAlone = keys.length === 1;
  if (here === "inside" && isAlone && dollar.startsWith("$$")) return "look-inside";
  const fault =
    here === "outside" ? notHere(dollar) : isAlone ? takeDirective(walk, value, path, dollar) : mixed(dollar);
  if (fault !== undefined) walk.faults.push({ pointer: pointer(...path), ...fault });
  return isAlone ? "done" : "look-inside";
}

type Fault = Omit<DirectiveFault, "pointer">;

function takeDirective(walk: Walk, value: JsonObject, path: readonly string[], dollar: string): Fault | undefined {
  const directive = readDirective(dollar, value[dollar] ?? null);
  if ("code" in directive) return directive;
  const as = matches(walk.shape.bytes, path) ? "bytes" : "text";
  const misplaced = misplacedDirective(directive, path, as);
  if (misplaced !== undefined) return misplaced;
  walk.directives.push({ ...directive, pointer: pointer(...path), as });
  return undefined;
}

function mixed(dollar: string): Fault {
  const message = `${dollar} stands beside other keys: a directive is an object of its own, and a literal key that starts with $ cannot be written here`;
  return { code: "directive/mixed", message };
}

function notHere(dollar: string): Fault {
  const message = `${dollar} has no meaning here: directives stand inside spec.definition, spec.pipeline and under content, url and file of entries`;
  return { code: "directive/not-here", message };
}

function misplacedDirective(directive: Directive, path: readonly string[], as: "text" | "bytes"): Fault | undefined {
  const { name } = directive;
  if (as === "bytes" && name !== "$file" && name !== "$configMap") {
    return { code: "directive/not-here", message: `${name} cannot stand for a file: use $file or $configMap` };
  }
  const isEntry = path[1] === "entries";
  return isEntry && name === "$ref"
    ? { code: "directive/not-here", message: "$ref has no meaning in an entry: entries hold text, urls and files" }
    : undefined;
}

function readDirective(name: string, argument: Json): Directive | Fault {
  switch (name) {
    case "$ref":
    case "$env":
    case "$file":
      return typeof argument === "string" && argument !== "" ? readText(name, argument) : wrongArgument(name, "a text");
    case "$secret":
    case "$configMap":
      return readNameAndKey(name, argument);
    default:
      return unknownDirective(name);
  }
}

/** The name of a manifest, or a connection's as people gave it. */
const REFERENCE = new RegExp(`^(?:[A-Za-z]+/[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?|${CONNECTION}/\\S(?:.*\\S)?)$`, "u");

function readText(name: "$ref" | "$env" | "$file", argument: string): Directive | Fault {
  if (name === "$ref" && !REFERENCE.test(argument)) {
    return wrongArgument(name, "Kind/name, such as Datasource/product-docs");
  }
  if (name === "$env" && !/^[A-Za-z_][A-Za-z0-9_]*$/u.test(argument)) {
    return wrongArgument(name, "the name of an environment variable");
  }
  return { name, argument };
}

function readNameAndKey(directive: "$secret" | "$configMap", argument: Json): Directive | Fault {
  if (!isObject(argument) || Object.keys(argument).some((key) => key !== "name" && key !== "key")) {
    return wrongArgument(directive, "{ name, key }");
  }
  const { name, key } = argument;
  if (typeof name !== "string" || typeof key !== "string" || !isSafePart(name) || !isSafePart(key)) {
    return wrongArgument(directive, "{ name, key }, both text");
  }
  return { name: directive, argument: { name, key } };
}

/** Names and keys become parts of paths under --secrets-dir. */
function isSafePart(text: string): boolean {
  return /^[-._a-zA-Z0-9]{1,253}$/u.test(text) && text !== "." && text !== "..";
}

function wrongArgument(name: string, expected: string): Fault {
  return { code: "directive/argument", message: `${name} takes ${expected}` };
}

function unknownDirective(name: string): Fault {
  const near = nearest(name, NAMES);
  const message = `there is no directive ${name}${didYouMean(near)} A literal key is written $${name}`;
  return {
    code: "directive/unknown",
    message: near === undefined ? message.replace(" A", ": a") : message,
    ...(near !== undefined && { suggestion: near }),
  };
}

function matches(patterns: readonly (readonly string[])[], path: readonly string[]): boolean {
  return patterns.some(
    (pattern) => pattern.length === path.length && pattern.every((part, index) => part === "*" || part === path[index]),
  );
}
