import { boolYaml11Tag, floatCoreTag, floatYaml11Tag, intCoreTag, intYaml11Tag, NOT_RESOLVED } from "js-yaml";

/** What a plain (unquoted) scalar is by YAML 1.2's core rules, or why readers would disagree about it. */
export type PlainScalar = { readonly value: null | boolean | number | string } | { readonly fault: string };

const NULLS = new Set(["", "~", "null", "Null", "NULL"]);
const TRUE = new Set(["true", "True", "TRUE"]);
const FALSE = new Set(["false", "False", "FALSE"]);

/** Numbers that every reader reads alike; they are nearly all there are. */
const ORDINARY_NUMBER = /^-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,15})?$/u;

/** What PyYAML's safe loader takes for a number, a date or its "value" type (checked with 6.0.3). */
const PYYAML_NUMBER =
  /^(?:[-+]?0b[01_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+|[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*)$/u;
const PYYAML_DATE =
  /^[0-9]{4}-(?:[0-9]{2}-[0-9]{2}|[0-9][0-9]?-[0-9][0-9]?(?:[Tt]|[ \t]+)[0-9][0-9]?:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?(?:[ \t]*(?:Z|[-+][0-9][0-9]?(?::[0-9]{2})?))?)$/u;
/** What kubectl's YAML reader takes for a number, underscores taken out first (checked with 1.32). */
const KUBECTL_NUMBER =
  /^(?:[-+]?0[xX][0-9a-fA-F]+|[-+]?0[bB][01]+|[-+]?0[oO]?[0-7]+|[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?)$/u;
const CORE_FLOAT = /^[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?$/u;
const NOT_FINITE = /^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/u;

/** By character code: may a plain scalar that starts so mean anything but its own text, to any reader? */
const MAY_MEAN_MORE: readonly boolean[] = Array.from({ length: 128 }, (_, code) =>
  "+-.~=<0123456789nNyYtTfFoO".includes(String.fromCodePoint(code)),
);

/** Character code of the first letter, and the length of the longest word that means more than itself: `false`. */
const LETTERS = 65;
const LONGEST_WORD = 5;

/** Reads one plain scalar as the core schema does; `fault` where YAML 1.1 readers read it otherwise. */
export function readPlainScalar(source: string): PlainScalar | string {
  const first = source.charCodeAt(0);
  if (source !== "" && MAY_MEAN_MORE[first] !== true) return source;
  if (first >= LETTERS && source.length > LONGEST_WORD) return source;
  if (ORDINARY_NUMBER.test(source)) return { value: Object.is(Number(source), -0) ? 0 : Number(source) };
  if (NULLS.has(source)) return { value: null };
  if (TRUE.has(source)) return { value: true };
  if (FALSE.has(source)) return { value: false };
  return readWord(source) ?? readNumberLike(source) ?? source;
}

function readWord(source: string): PlainScalar | undefined {
  const truth = boolYaml11Tag.resolve(source, false, "");
  if (truth !== NOT_RESOLVED) return { fault: `is text here and ${String(truth)} to YAML 1.1 readers such as kubectl` };
  if (source === "<<") return { fault: "is a merge key to some readers and text to others" };
  return source === "=" ? { fault: "is text here and fails in YAML 1.1 readers such as PyYAML" } : undefined;
}

function readNumberLike(source: string): PlainScalar | undefined {
  if (!/^[-+.]{0,2}_*[0-9]/u.test(source)) {
    return NOT_FINITE.test(source) ? { fault: "is no number that JSON can hold" } : undefined;
  }
  if (PYYAML_DATE.test(source)) return { fault: "is text here and a date to YAML 1.1 readers" };
  const core = coreNumber(source);
  return core === undefined ? readText(source) : readNumber(source, core);
}

function readText(source: string): PlainScalar | undefined {
  const old = yaml11Number(source);
  const isNumber = PYYAML_NUMBER.test(source) || KUBECTL_NUMBER.test(source.replaceAll("_", ""));
  if (old === undefined && !isNumber) return undefined;
  if (CORE_FLOAT.test(source)) return { fault: "is a number too large for JSON" };
  return { fault: `is text here and the number ${old ?? "it looks like"} to other YAML readers` };
}

function readNumber(source: string, core: number): PlainScalar {
  const old = yaml11Number(source);
  if (!PYYAML_NUMBER.test(source)) {
    return { fault: `is the number ${core} here and text to YAML 1.1 readers such as PyYAML` };
  }
  if (old !== core) return { fault: `is the number ${core} here and ${old ?? "text"} to YAML 1.1 readers` };
  return isBeyondJson(source, core)
    ? { fault: "is an integer beyond 2^53, which not every program keeps exactly" }
    : { value: Object.is(core, -0) ? 0 : core };
}

function coreNumber(source: string): number | undefined {
  const integer = intCoreTag.resolve(source, false, "");
  if (integer !== NOT_RESOLVED) return integer;
  const float = floatCoreTag.resolve(source, false, "");
  return float === NOT_RESOLVED ? undefined : float;
}

function yaml11Number(source: string): number | undefined {
  const integer = intYaml11Tag.resolve(source, false, "");
  if (integer !== NOT_RESOLVED) return integer;
  const float = floatYaml11Tag.resolve(source, false, "");
  return float === NOT_RESOLVED ? undefined : float;
}

/** JSON prints whole numbers below 1e21 digit by digit, so a reader with 64-bit integers would take them for such. */
function isBeyondJson(source: string, value: number): boolean {
  return Number.isInteger(value) && !Number.isSafeInteger(value) && (Math.abs(value) < 1e21 || !/[.eE]/u.test(source));
}
