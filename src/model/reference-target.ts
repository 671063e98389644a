import type { ReferenceTarget } from "./dialect.ts";
import { own } from "./json.ts";
import type { LiveResource } from "./live.ts";
import type { Pointer } from "./pointer.ts";

/** What a reference to a live object is made from; its document and version have to be those of what runs. */
export function referenceTargetOf({ uuid, publishedUuid, version, document }: LiveResource): ReferenceTarget {
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

const INPUTS = "input_fields";
