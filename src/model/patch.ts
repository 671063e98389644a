import type { Json, JsonObject } from "./json.ts";
import type { Pointer } from "./pointer.ts";
import type { Range } from "./problem.ts";

/** One step of a JSON Patch (RFC 6902), its form checked. */
export type PatchOperation =
  | { readonly op: "add" | "replace" | "test"; readonly path: Pointer; readonly value: Json }
  | { readonly op: "remove"; readonly path: Pointer }
  | { readonly op: "move" | "copy"; readonly path: Pointer; readonly from: Pointer };

/** A change of the manifests that its target names. */
export interface Patch {
  /** Globs. */
  readonly target: { readonly kind: string; readonly name: string };
  readonly change: { readonly patch: readonly PatchOperation[] } | { readonly merge: JsonObject };
  readonly place: PatchPlace;
}

/** Where a patch was written. Pointers are into the patch: `/target/name`, `/patch/0/value`. */
export interface PatchPlace {
  /** The file as a person would type it, or the resource that holds it. */
  readonly path: string;
  /** `patch 2 of context production`. */
  readonly label: string;
  /** Undefined where there are no lines. */
  find(pointer: Pointer): Range | undefined;
}
