import { SyncError } from "../../../model/errors.ts";
import { isArray, isObject, type Json } from "../../../model/json.ts";
import { type Pointer, pointer } from "../../../model/pointer.ts";

/** PyYAML gives up on a plain key of a flow mapping after 1,024 characters; `? ` before it lifts that. */
const LONGEST_SIMPLE_KEY = 1_000;

/** PyYAML recurses for each level and Python stops near 450; a web server's own frames need room too. */
const DEEPEST = 200;

/**
 * The value as one line of ASCII that a YAML 1.1 reader (PyYAML) gives back unchanged: JSON, but for what that reader
 * takes otherwise. Throws SyncError `invalid_manifest` with the place for text that no server can keep: NUL, lone
 * surrogates (llmstack-server.md 2.0), and for nesting deeper than 200 levels.
 */
export function yamlText(value: Json): string {
  return write(value, "", 0);
}

function write(value: Json, at: Pointer, depth: number): string {
  if (depth > DEEPEST) throw unsendable(at, `is nested deeper than ${DEEPEST} levels`);
  if (typeof value === "string") return quoted(value, at);
  if (typeof value === "number") return number(value);
  if (isArray<Json>(value)) {
    return `[${value.map((item, index) => write(item, `${at}/${index}`, depth + 1)).join(", ")}]`;
  }
  if (!isObject(value)) return String(value);
  const members = Object.entries(value).map(([key, item]) => {
    const place = at + pointer(key);
    return `${keyText(quoted(key, place))}: ${write(item, place, depth + 1)}`;
  });
  return `{${members.join(", ")}}`;
}

function keyText(key: string): string {
  return key.length > LONGEST_SIMPLE_KEY ? `? ${key} ` : key;
}

/** Surrogate pairs as \uXXXX\uXXXX would come back as two lone surrogates; one \UXXXXXXXX comes back whole. */
function quoted(text: string, at: Pointer): string {
  if (text.includes("\0")) throw unsendable(at, "holds a NUL character");
  if (!text.isWellFormed()) throw unsendable(at, "holds half of a surrogate pair (broken Unicode)");
  return JSON.stringify(text).replaceAll(/[^ -~]/gu, escaped);
}

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  return code > 0xffff ? `\\U${hex.toUpperCase().padStart(8, "0")}` : `\\u${hex.padStart(4, "0")}`;
}

/** YAML 1.1 knows a float by its point and a signed exponent: `1e-7` would come back as text, `1.0e-07` does not. */
function number(value: number): string {
  const [mantissa = "0", exponent] = JSON.stringify(value).split("e");
  if (exponent === undefined) return mantissa;
  const digits = exponent.slice(1).padStart(2, "0");
  return `${mantissa.includes(".") ? mantissa : `${mantissa}.0`}e${exponent.startsWith("-") ? "-" : "+"}${digits}`;
}

function unsendable(at: Pointer, what: string): SyncError {
  return new SyncError("invalid_manifest", `the text at ${JSON.stringify(at)} ${what}`, {
    remedy: "Nothing was sent: LLMStack cannot store it. Change it in the manifest or in the file it comes from.",
  });
}
