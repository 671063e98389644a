import { resourceKey } from "../model/resource.ts";
import { CONNECTION, Reference, type ReferenceForm } from "../model/template.ts";

/** The kind and the name that a `$ref` gives; a connection's name is a person's, and may hold a slash. */
export function splitReference(text: string): { readonly kind: string; readonly name: string } {
  const slash = text.indexOf("/");
  return { kind: text.slice(0, Math.max(slash, 0)), name: text.slice(slash + 1) };
}

/** The reference that `text` stands for; `form` is that of the place, a connection has its own wherever it stands. */
export function referenceOf(text: string, form: ReferenceForm): Reference {
  const { kind, name } = splitReference(text);
  return new Reference(resourceKey(kind, name), kind === CONNECTION ? "connection" : form);
}
