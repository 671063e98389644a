import { applyPatch } from "rfc6902";
import { isArray, isObject, type Json, own } from "../../model/json.ts";
import { type Pointer, pointerSegments } from "../../model/pointer.ts";
import type { PatchOperation } from "../../model/patch.ts";

/** What came of a patch; `failed` is the index of the step that could not be done, and the document is as before it. */
export type Patched = { readonly document: Json } | { readonly failed: number; readonly why: string };

/**
 * JSON Patch (RFC 6902) on a copy. A step is done only where its places are really there: what a document inherits
 * from its prototypes is no place of it. The words of a failure hold no values, for they may be secret.
 */
export function jsonPatch(document: Json, operations: readonly PatchOperation[]): Patched {
  const root = { document: structuredClone(document) };
  for (const [index, operation] of operations.entries()) {
    const why = obstacle(root.document, operation) ?? carryOut(root, operation);
    if (why !== undefined) return { failed: index, why };
  }
  return root;
}

/** The document stands one level below the root, so that the empty pointer is a place like any other. */
function carryOut(root: { document: Json }, operation: PatchOperation): string | undefined {
  const step = { ...operation, path: `/document${operation.path}` };
  const [error] = applyPatch(root, ["from" in step ? { ...step, from: `/document${step.from}` } : step]);
  if (error === null || error === undefined) return undefined;
  return operation.op === "test" ? "another value stands there" : "there is no such place";
}

function obstacle(document: Json, operation: PatchOperation): string | undefined {
  if ("from" in operation && valueAt(document, operation.from) === undefined)
    return `nothing stands at ${operation.from}`;
  if (operation.op === "remove" && operation.path === "") return "a manifest cannot be removed";
  if (operation.op === "add" || operation.op === "move" || operation.op === "copy")
    return noRoom(document, operation.path);
  return valueAt(document, operation.path) === undefined ? `nothing stands at ${operation.path}` : undefined;
}

/** Why nothing can be put there: what it would be put into must be there, and of a list the items before it. */
function noRoom(document: Json, path: Pointer): string | undefined {
  if (path === "") return undefined;
  const end = path.lastIndexOf("/");
  const parent = valueAt(document, path.slice(0, end));
  const [last = ""] = pointerSegments(path.slice(end));
  if (isArray<Json>(parent)) {
    const isPlace = last === "-" || (/^(?:0|[1-9]\d*)$/u.test(last) && Number(last) <= parent.length);
    return isPlace ? undefined : `the list there has ${parent.length} items`;
  }
  if (parent === undefined) return `nothing stands at ${path.slice(0, end)}`;
  if (!isObject(parent)) return `no map or list stands at ${path.slice(0, end)}`;
  return FORBIDDEN.has(last) ? `${last} is not allowed as a key` : undefined;
}

/** The library steps over these. */
const FORBIDDEN: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

/** What stands at a place; undefined for nothing. */
function valueAt(document: Json, path: Pointer): Json | undefined {
  return pointerSegments(path).reduce<Json | undefined>((value, segment) => {
    if (FORBIDDEN.has(segment)) return undefined;
    if (isArray<Json>(value)) return /^(?:0|[1-9]\d*)$/u.test(segment) ? value[Number(segment)] : undefined;
    return isObject(value) ? own(value, segment) : undefined;
  }, document);
}
