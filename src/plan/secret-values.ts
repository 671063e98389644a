import { isArray } from "../model/json.ts";
import type { Resource } from "../model/resource.ts";
import { isTemplateObject, Secret, type Template } from "../model/template.ts";

/** Shorter values are common words: hiding them wherever they stand would blind the diff and protect nothing. */
const SHORTEST = 4;

/** Every secret value that these resources use, for hiding it where a live document shows it at another place. */
export function secretValuesOf(resources: readonly Resource[]): ReadonlySet<string> {
  const values = new Set<string>();
  for (const { document, entries = [] } of resources) {
    collect(document, values);
    for (const { body } of entries) if (body.kind !== "file") collect(body.value, values);
  }
  return values;
}

/** True where a secret stands anywhere in it. */
export function holdsSecret(template: Template): boolean {
  if (isArray<Template>(template)) return template.some(holdsSecret);
  return isTemplateObject(template) ? Object.values(template).some(holdsSecret) : template instanceof Secret;
}

/** True where a secret stands in it whose value may be another one than was written last. */
export function holdsRotated(template: Template, scope: { readonly isRotated?: (secret: Secret) => boolean }): boolean {
  const { isRotated } = scope;
  if (isRotated === undefined) return false;
  if (template instanceof Secret) return isRotated(template);
  if (isArray<Template>(template)) return template.some((item) => holdsRotated(item, scope));
  return isTemplateObject(template) && Object.values(template).some((item) => holdsRotated(item, scope));
}

function collect(template: Template, values: Set<string>): void {
  if (template instanceof Secret) {
    const value = template.reveal();
    if (value.length >= SHORTEST) values.add(value);
  } else if (isArray<Template>(template)) {
    for (const item of template) collect(item, values);
  } else if (isTemplateObject(template)) {
    for (const item of Object.values(template)) collect(item, values);
  }
}
