import { kinds } from "../kinds/index.ts";
import { SyncError } from "../model/errors.ts";
import { isArray, isObject, type Json, isJsonObject } from "../model/json.ts";
import { type Pointer, pointer } from "../model/pointer.ts";
import { type ReferenceForm, Secret, type SecretSource, type Template } from "../model/template.ts";
import { referenceOf } from "./reference-of.ts";

/**
 * The inverse of `symbolic`, for a document of a kind: a reference gets the form of the place where it stands. `secret`
 * gives the value of a source, and throws where there is none. Throws SyncError `invalid_manifest` for JSON that
 * `symbolic` never makes.
 */
export function parseSymbolic(json: Json, kind: string, secret: (source: SecretSource) => string): Template {
  const row = kinds.find((each) => each.kind === kind);
  const places = row !== undefined && isJsonObject(json) ? row.referencePlaces(json) : [];
  const forms = new Map(places.map((place) => [place.pointer, place.form]));
  return parseAt(json, "", (at) => forms.get(at) ?? "uuid", secret);
}

type FormAt = (pointer: Pointer) => ReferenceForm;
type SecretOf = (source: SecretSource) => string;

function parseAt(json: Json, at: Pointer, formAt: FormAt, secret: SecretOf): Template {
  if (isArray<Json>(json)) return json.map((item, index) => parseAt(item, `${at}/${index}`, formAt, secret));
  if (!isObject(json)) return json;
  const entries = Object.entries(json);
  const [only] = entries;
  if (entries.length === 1 && only?.[0].startsWith("$") === true) {
    const [key, value] = only;
    if (key.startsWith("$$")) return { [key.slice(1)]: parseAt(value, at + pointer(key), formAt, secret) };
    return parseDirective(key, value, at, formAt, secret);
  }
  return Object.fromEntries(entries.map(([key, value]) => [key, parseAt(value, at + pointer(key), formAt, secret)]));
}

function parseDirective(name: string, value: Json, at: Pointer, formAt: FormAt, secret: SecretOf): Template {
  if (name === "$ref" && typeof value === "string" && /^[^/]+\/./u.test(value)) return referenceOf(value, formAt(at));
  const source = sourceOf(name, value);
  if (source !== undefined) return new Secret(source, secret(source));
  throw new SyncError("invalid_manifest", `${at} holds ${name}, which is neither a reference nor a secret`, {
    remedy: "make the plan anew",
  });
}

function sourceOf(name: string, value: Json): SecretSource | undefined {
  if (name === "$env") return typeof value === "string" ? { $env: value } : undefined;
  if (name !== "$secret" || !isObject(value)) return undefined;
  const { name: document, key } = value;
  return typeof document === "string" && typeof key === "string" ? { $secret: { name: document, key } } : undefined;
}
