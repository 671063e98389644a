import { isArray } from "../../../../model/json.ts";
import { Exact, isTreeObject, type Tree, type TreeObject } from "../wire/tree.ts";
import { asFloat, type Field, type Processor } from "./catalogue.ts";

/**
 * The processors with their configs as a PATCH of v0.0.21 to v0.2.5 stores them: every default added, unknown keys
 * dropped. Should one of them fail, all stay as they were sent (llmstack-server.md 3.2).
 */
export function expandProcessors(sent: readonly Tree[], catalogue: readonly Processor[]): readonly Tree[] {
  const expanded: Tree[] = [];
  for (const processor of sent) {
    const config = isTreeObject(processor) ? expandOne(processor, catalogue) : undefined;
    if (config === undefined || !isTreeObject(processor)) return sent;
    expanded.push({ ...processor, config });
  }
  return expanded;
}

function expandOne(processor: TreeObject, catalogue: readonly Processor[]): TreeObject | undefined {
  const { provider_slug: provider, processor_slug: slug, config } = processor;
  const found = catalogue.find((entry) => entry.provider === provider && entry.slug === slug);
  if (found === undefined || !isTreeObject(config)) return undefined;
  const expanded: Record<string, Tree> = {};
  for (const [name, field] of Object.entries(found.config)) {
    const given = Object.hasOwn(config, name) ? config[name] : undefined;
    const value = given === undefined ? field.default : coerce(given, field);
    if (value === undefined) return undefined;
    expanded[name] = value;
  }
  return expanded;
}

/** As pydantic takes it: numbers in quotes are numbers; undefined for what it refuses. */
function coerce(value: Tree, { type, isNullable }: Field): Tree | undefined {
  if (value === null) return isNullable === true ? null : undefined;
  if (type === "integer" || type === "number") return coerceNumber(value, type);
  return IS_OF_TYPE[type](value) ? value : undefined;
}

const IS_OF_TYPE: Readonly<Record<Exclude<Field["type"], "integer" | "number">, (value: Tree) => boolean>> = {
  string: (value) => typeof value === "string",
  boolean: (value) => typeof value === "boolean",
  array: (value) => isArray(value),
  object: isTreeObject,
};

function coerceNumber(value: Tree, type: "integer" | "number"): Tree | undefined {
  const number = numberIn(value);
  if (number === undefined) return undefined;
  if (type === "number") return asFloat(number);
  return Number.isInteger(number) ? number : undefined;
}

function numberIn(value: Tree): number | undefined {
  const source = value instanceof Exact ? value.text : value;
  if (typeof source !== "number" && (typeof source !== "string" || source.trim() === "")) return undefined;
  return Number.isFinite(Number(source)) ? Number(source) : undefined;
}
