import { isArray, isJsonObject, isObject, type Json, type JsonObject, own } from "../../model/json.ts";
import type { Patch, PatchOperation, PatchPlace } from "../../model/patch.ts";
import { type Pointer, pointer } from "../../model/pointer.ts";

/** Where a list of patches was written; pointers are into the list. */
export interface PatchesPlace {
  readonly path: string;
  /** `context production`: behind `patch 2 of`. */
  readonly of: string;
  find(pointer: Pointer): ReturnType<PatchPlace["find"]>;
}

/** What is wrong with a list of patches, and where in it. */
export interface PatchFault {
  readonly pointer: Pointer;
  readonly message: string;
}

/** The patches of a list, and everything in it that is none. */
export function readPatches(
  value: Json,
  place: PatchesPlace,
): { readonly patches: readonly Patch[]; readonly faults: readonly PatchFault[] } {
  if (!isArray<Json>(value)) return { patches: [], faults: [{ pointer: "", message: "patches is a list" }] };
  const read = value.map((item, index) => readPatch(item, placeOf(place, index), pointer(index)));
  return {
    patches: read.flatMap((one) => ("target" in one ? [one] : [])),
    faults: read.flatMap((one) => ("target" in one ? [] : one)),
  };
}

function placeOf(place: PatchesPlace, index: number): PatchPlace {
  return {
    path: place.path,
    label: `patch ${index + 1} of ${place.of}`,
    find: (at) => place.find(pointer(index) + at),
  };
}

function readPatch(value: Json, place: PatchPlace, at: Pointer): Patch | readonly PatchFault[] {
  if (!isObject(value)) return [fault(at, "a patch is a map of target and patch, or of target and merge")];
  const target = readTarget(own(value, "target"), `${at}/target`);
  const change = readChange(value, at);
  const stray = strayKeys(value, ["target", "patch", "merge"], at);
  const faults = [...stray, ...(isArray(target) ? target : []), ...(isArray(change) ? change : [])];
  return faults.length > 0 || isArray(target) || isArray(change) ? faults : { target, change, place };
}

function readTarget(value: Json | undefined, at: Pointer): Patch["target"] | readonly PatchFault[] {
  if (!isObject(value)) return [fault(at, "target is { kind, name }, both may be globs")];
  const kind = own(value, "kind");
  const name = own(value, "name") ?? "*";
  const stray = strayKeys(value, ["kind", "name"], at);
  if (typeof kind !== "string" || kind === "")
    return [...stray, fault(`${at}/kind`, 'target.kind is a kind or a glob such as "*"')];
  if (typeof name !== "string" || name === "")
    return [...stray, fault(`${at}/name`, "target.name is a name or a glob")];
  return stray.length > 0 ? stray : { kind, name };
}

function readChange(value: JsonObject, at: Pointer): Patch["change"] | readonly PatchFault[] {
  const operations = own(value, "patch") ?? null;
  const merge = own(value, "merge") ?? null;
  if ((operations === null) === (merge === null))
    return [fault(at, "a patch has either patch (a JSON Patch) or merge")];
  if (merge !== null) return isJsonObject(merge) ? { merge } : [fault(`${at}/merge`, "merge is a map")];
  if (!isArray<Json>(operations) || operations.length === 0) return [fault(`${at}/patch`, "patch is a list of steps")];
  const read = operations.map((operation, index) => readOperation(operation, `${at}/patch/${index}`));
  const faults = read.flatMap((one) => ("op" in one ? [] : one));
  return faults.length > 0 ? faults : { patch: read.flatMap((one) => ("op" in one ? [one] : [])) };
}

const VALUED = ["add", "replace", "test"] as const;
const FROM = ["move", "copy"] as const;

function readOperation(value: Json, at: Pointer): PatchOperation | readonly PatchFault[] {
  if (!isObject(value)) return [fault(at, "a step is a map of op, path and, by op, value or from")];
  const name = own(value, "op");
  const path = own(value, "path");
  if (!isPointer(path)) return [fault(`${at}/path`, "path is a JSON pointer such as /spec/definition/name")];
  const valued = VALUED.find((op) => op === name);
  if (valued !== undefined) return readValued(value, { op: valued, path }, at);
  const moving = FROM.find((op) => op === name);
  if (moving !== undefined) return readMoving(value, { op: moving, path }, at);
  if (name === "remove") return onlyWith(value, ["op", "path"], { op: "remove", path }, at);
  return [fault(`${at}/op`, "op is one of add, remove, replace, move, copy, test")];
}

function readValued(
  value: JsonObject,
  step: { readonly op: (typeof VALUED)[number]; readonly path: Pointer },
  at: Pointer,
): PatchOperation | readonly PatchFault[] {
  const wanted = own(value, "value");
  if (wanted === undefined) return [fault(at, `${step.op} needs a value`)];
  return onlyWith(value, ["op", "path", "value"], { ...step, value: wanted }, at);
}

function readMoving(
  value: JsonObject,
  step: { readonly op: (typeof FROM)[number]; readonly path: Pointer },
  at: Pointer,
): PatchOperation | readonly PatchFault[] {
  const from = own(value, "from");
  if (!isPointer(from)) return [fault(`${at}/from`, `${step.op} needs from, a JSON pointer`)];
  if (step.op === "move" && step.path.startsWith(`${from}/`)) return [fault(at, "nothing can be moved into itself")];
  return onlyWith(value, ["op", "path", "from"], { ...step, from }, at);
}

function onlyWith(
  value: JsonObject,
  known: readonly string[],
  operation: PatchOperation,
  at: Pointer,
): PatchOperation | readonly PatchFault[] {
  const stray = strayKeys(value, known, at);
  return stray.length > 0 ? stray : operation;
}

function isPointer(value: Json | undefined): value is Pointer {
  return typeof value === "string" && /^(?:\/(?:[^~/]|~[01])*)*$/u.test(value);
}

function strayKeys(value: JsonObject, known: readonly string[], at: Pointer): readonly PatchFault[] {
  return Object.keys(value)
    .filter((key) => !known.includes(key))
    .map((key) => fault(at + pointer(key), `${key} has no meaning here; known: ${known.join(", ")}`));
}

function fault(at: Pointer, message: string): PatchFault {
  return { pointer: at, message };
}
