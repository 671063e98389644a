import type { DialectRules, ReferenceTarget } from "./dialect.ts";
import { own } from "./json.ts";
import type { LiveResource } from "./live.ts";
import type { Pointer } from "./pointer.ts";
import type { ReferenceForm } from "./template.ts";

/** What a reference to a live object is made from; its document and version have to be those of what runs. */
export function referenceTargetOf({
  uuid,
  publishedUuid,
  version,
  document,
}: Pick<LiveResource, "uuid" | "publishedUuid" | "version" | "document">): ReferenceTarget {
  const inputFields = own(document, INPUTS);
  return {
    uuid,
    ...(publishedUuid !== undefined && { publishedUuid }),
    ...(version !== undefined && { version }),
    ...(inputFields !== undefined && inputFields !== null && { inputFields }),
  };
}

/** True for a place of a document that references to it repeat. */
export function isRepeatedByReferences(path: Pointer): boolean {
  return path === `/${INPUTS}` || path.startsWith(`/${INPUTS}/`);
}

/** True where such a reference says which version it means, or what that takes: then it goes stale without being wrong. */
export function pinsWhatRuns(form: ReferenceForm, rules: Pick<DialectRules, "formatReference">): boolean {
  const uuid = "00000000-0000-4000-8000-000000000000";
  const plain = JSON.stringify(rules.formatReference(form, { uuid }));
  return plain !== JSON.stringify(rules.formatReference(form, { uuid, version: 1, inputFields: [{ name: "x" }] }));
}

const INPUTS = "input_fields";
