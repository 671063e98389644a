import {
  boolYaml11Tag,
  defineScalarTag,
  defineSequenceTag,
  floatYaml11Tag,
  intYaml11Tag,
  NOT_RESOLVED,
  pairsTag,
  type ScalarTagDefinition,
  type Schema,
  YAML11_SCHEMA,
} from "js-yaml";
import { isKeptInteger } from "./read-json.ts";

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ...["yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"].map((word) => [word, true] as const),
  ...["no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"].map((word) => [word, false] as const),
]);

const INTEGER =
  /^(?:[-+]?0b[01_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$/u;

/** What PyYAML takes for a float, special ones aside. */
export const FLOAT =
  /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*)$/u;

const SPECIAL_FLOAT = /^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/u;

/** What PyYAML takes for a date or a timestamp. */
export const DATE =
  /^\d{4}-(?:\d\d-\d\d|\d\d?-\d\d?(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d\d?(?::\d\d)?))?)$/u;

/**
 * What LLMStack's YAML reader (PyYAML's safe_load) makes of scalars: YAML 1.1, but `y` and `n` are strings and floats
 * need a digit before the dot or no sign. What has no JSON form (dates, bytes, not-a-number) throws SyntaxError.
 */
export const PYYAML_SCHEMA: Schema = YAML11_SCHEMA.withTags(
  defineScalarTag<boolean>("tag:yaml.org,2002:bool", {
    ...boolYaml11Tag,
    resolve: (source, isExplicit) => BOOLEANS.get(isExplicit ? source.toLowerCase() : source) ?? NOT_RESOLVED,
  }),
  defineScalarTag<number>("tag:yaml.org,2002:int", {
    ...intYaml11Tag,
    resolve: (source, isExplicit, tag) =>
      INTEGER.test(source) ? exact(source, intYaml11Tag.resolve(source, isExplicit, tag)) : NOT_RESOLVED,
  }),
  defineScalarTag<number>("tag:yaml.org,2002:float", {
    ...floatYaml11Tag,
    resolve: (source, isExplicit, tag) => {
      if (SPECIAL_FLOAT.test(source)) throw noJson(source, "not a finite number");
      return FLOAT.test(source) ? finite(source, floatYaml11Tag.resolve(source, isExplicit, tag)) : NOT_RESOLVED;
    },
  }),
  refusing("timestamp", "a date in YAML 1.1", Array.from("0123456789"), DATE),
  refusing("binary", "bytes", []),
  // Python's is a list of pairs, like !!pairs.
  defineSequenceTag("tag:yaml.org,2002:omap", pairsTag),
);

/** A scalar that Python reads into something JSON has no word for. */
function refusing(name: string, what: string, firstChars: readonly string[], plain?: RegExp): ScalarTagDefinition {
  return defineScalarTag(`tag:yaml.org,2002:${name}`, {
    implicit: plain !== undefined,
    implicitFirstChars: firstChars,
    resolve: (source, isExplicit) => {
      if (isExplicit || plain?.test(source) === true) throw noJson(source, what);
      return NOT_RESOLVED;
    },
    identify: () => false,
  });
}

function exact(source: string, value: number | symbol): number {
  const digits = source.replaceAll("_", "");
  if (typeof value !== "number") throw noJson(source, "not a number after all");
  if (isKeptInteger(value, digits.replace("+", ""))) return value;
  throw noJson(source, "an integer beyond what this server can keep unchanged");
}

function finite(source: string, value: number | symbol): number {
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw noJson(source, "not a finite number");
}

function noJson(source: string, what: string): SyntaxError {
  const shown = source.length > 40 ? `${source.slice(0, 40)}...` : source;
  return new SyntaxError(`"${shown}" without quotes is ${what}: quote it`);
}
