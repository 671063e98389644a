import { SyncError } from "../model/errors.ts";
import { isArray, isJsonObject, isObject, type JsonObject, own } from "../model/json.ts";
import { pointer } from "../model/pointer.ts";

/** A value of a plan file and where it stands, so that an error can say it. */
export interface Node {
  readonly value: unknown;
  readonly path: string;
}

/** The member of an object; its value is undefined where there is none. */
export function member({ value, path }: Node, key: string): Node {
  return { value: isObject(value) ? own(value, key) : undefined, path: path + pointer(key) };
}

export function isAbsent({ value }: Node): boolean {
  return value === undefined;
}

/** All of these throw SyncError `invalid_manifest` that names the place when the value is of another type. */
export function asText(node: Node): string {
  return typeof node.value === "string" ? node.value : wrong(node, "a text");
}

export function asNumber(node: Node): number {
  return typeof node.value === "number" ? node.value : wrong(node, "a number");
}

export function asFlag(node: Node): boolean {
  return typeof node.value === "boolean" ? node.value : wrong(node, "true or false");
}

export function asObject(node: Node): JsonObject {
  return isJsonObject(node.value) ? node.value : wrong(node, "an object");
}

export function asList<T>(node: Node, item: (node: Node) => T): readonly T[] {
  if (!isArray<unknown>(node.value)) return wrong(node, "a list");
  return node.value.map((value, index) => item({ value, path: node.path + pointer(index) }));
}

export function asOneOf<T extends string>(node: Node, choices: readonly T[]): T {
  return choices.find((choice) => choice === node.value) ?? wrong(node, `one of ${choices.join(", ")}`);
}

export function asOptional<T>(node: Node, read: (node: Node) => T): T | undefined {
  return isAbsent(node) ? undefined : read(node);
}

/** Throws the one error of this reader. */
export function wrong({ path }: Node, expected: string): never {
  throw new SyncError(
    "invalid_manifest",
    `This plan file cannot be read: ${path === "" ? "it" : path} is not ${expected}.`,
    {
      remedy: "Save the plan again with `plan --out FILE`; plan files are not meant to be edited.",
    },
  );
}
