import { isArray, isObject, type Json } from "../../src/model/json.ts";
import { resourceKey } from "../../src/model/resource.ts";
import { Reference, Secret, type SecretSource, type Template } from "../../src/model/template.ts";

/** The inverse of `symbolic` for tests: the value of a secret is made from its source, so equal ones are equal. */
export function templateOf(json: Json): Template {
  if (isArray<Json>(json)) return json.map(templateOf);
  if (!isObject(json)) return json;
  const entries = Object.entries(json);
  const [only] = entries;
  if (entries.length !== 1 || only === undefined || !only[0].startsWith("$")) return objectOf(entries);
  const [key, value] = only;
  if (key.startsWith("$$")) return objectOf([[key.slice(1), value]]);
  if (key === "$ref" && typeof value === "string") return referenceTo(value);
  const source = json as unknown as SecretSource;
  return new Secret(source, secretValueOf(source));
}

/** What the secret of this source holds in tests; recognisable in any output. */
export function secretValueOf(source: SecretSource): string {
  return `value-of-${"$env" in source ? source.$env : `${source.$secret.name}-${source.$secret.key}`}`;
}

function objectOf(entries: readonly (readonly [string, Json])[]): Template {
  return Object.fromEntries(entries.map(([key, value]) => [key, templateOf(value)]));
}

function referenceTo(text: string): Reference {
  const [kind = "", name = ""] = text.split("/");
  return new Reference(resourceKey(kind, name), kind === "App" ? "app" : "uuid");
}
