import type { JsonObject } from "./json.ts";
import type { Pointer } from "./pointer.ts";
import type { ReferenceForm } from "./template.ts";

/**
 * What the engine must know of a kind. A kind is a row of these facts; nothing outside `kinds/` compares a kind's name.
 */
export interface KindSpec {
  readonly kind: string;
  /** The path segment under /api. */
  readonly collection: string;
  /** Lower first in creation, last in deletion. */
  readonly rank: number;
  /** True where a resource holds entries, which are read, marked and written one by one. */
  readonly hasEntries: boolean;
  /** True where a server with drafts keeps a resource in versions, of which one runs. */
  readonly hasVersions: boolean;
  /** Arrays whose items are matched by a field instead of by position: pointer to that field's name. */
  readonly keyedLists: { readonly [pointer: Pointer]: string };
  /** True where a value is a secret whoever wrote it (integration tokens, API keys, headers). */
  isSecretPath(pointer: Pointer): boolean;
  /** Every place of a document where such a reference may stand, whatever stands there now; items of lists each. */
  referencePlaces(document: JsonObject): readonly ReferencePlace[];
  /** Places in a document that refer to other resources by uuid (llmstack-server.md 4.6). */
  references(document: JsonObject): readonly LiteralReference[];
}

/** A place for a reference: what it may refer to, and how it is written there. */
export interface ReferencePlace {
  readonly pointer: Pointer;
  readonly kind: string;
  readonly form: ReferenceForm;
}

/** A literal reference found in a document: which uuid stands where. */
export interface LiteralReference extends ReferencePlace {
  readonly uuid: string;
}
