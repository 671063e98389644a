import { posix } from "node:path";
import { isObject, type Json, type JsonObject, own } from "../../model/json.ts";
import type { Patch, PatchOperation } from "../../model/patch.ts";
import type { Problem } from "../../model/problem.ts";
import type { Pointer } from "../../model/pointer.ts";
import { didYouMean, nearest } from "../suggest.ts";
import { jsonPatch } from "./json-patch.ts";
import { mergePatch } from "./merge-patch.ts";
import { shadowOfValue, startTrail, type Trail } from "./trail.ts";

/** A document that patches may change. `isResource`: one that `*` as a kind means. */
export interface Patchable {
  readonly kind: string;
  readonly body: JsonObject;
  readonly isResource: boolean;
  /** `bot.yaml:1`, for what is said of it. */
  readonly place: string;
}

/** A document as the patches leave it; what failed has changed nothing. */
export interface PatchedDocument {
  readonly body: JsonObject;
  readonly trail: Trail;
  readonly problems: readonly Problem[];
  /** Those that are meant for it, failed ones included. */
  readonly matched: readonly Patch[];
}

/** The document after every patch that names it, in order; undefined where none does. */
export function applyPatches(patches: readonly Patch[], document: Patchable): PatchedDocument | undefined {
  const matched = patches.filter((patch) => isMeant(patch, document));
  if (matched.length === 0) return undefined;
  const problems: Problem[] = [];
  let state: State = { body: document.body, trail: startTrail(document.body) };
  for (const patch of matched) {
    const next = applyOne(patch, state, document);
    if ("body" in next) state = next;
    else problems.push(next);
  }
  return { ...state, problems, matched };
}

/** Every patch that no document was meant by; `names` are the keys of all that there is. */
export function unmatchedProblems(
  patches: readonly Patch[],
  matched: ReadonlySet<Patch>,
  names: readonly string[],
): readonly Problem[] {
  return patches.filter((patch) => !matched.has(patch)).map((patch) => unmatchedProblem(patch, names));
}

function unmatchedProblem(patch: Patch, names: readonly string[]): Problem {
  const wanted = `${patch.target.kind}/${patch.target.name}`;
  const near = nearest(wanted, names);
  const message = `${patch.place.label} changes nothing: no manifest is ${wanted}${didYouMean(near)}`;
  return { ...at(patch, "/target"), code: "patch/no-match", message, ...(near !== undefined && { suggestion: near }) };
}

interface State {
  readonly body: JsonObject;
  readonly trail: Trail;
}

function isMeant({ target }: Patch, { kind, body, isResource }: Patchable): boolean {
  const isKind = isResource ? posix.matchesGlob(kind, target.kind) : kind === target.kind;
  return isKind && posix.matchesGlob(nameOf(body), target.name);
}

function applyOne(patch: Patch, state: State, document: Patchable): State | Problem {
  const { change } = patch;
  const next = "merge" in change ? merge(patch, change.merge, state) : carryOut(patch, change.patch, state, document);
  if (!("body" in next)) return next;
  const moved = IDENTITY.find((path) => identityAt(state.body, path) !== identityAt(next.body, path));
  if (moved === undefined) return next;
  const message = `${patch.place.label} would change ${moved.join(".")} of ${keyOf(document)} (${document.place}), which stays as the manifest says`;
  return { ...at(patch, "merge" in change ? "/merge" : "/patch"), code: "patch/identity", message };
}

/** What a resource is known by. */
const IDENTITY: readonly (readonly string[])[] = [["apiVersion"], ["kind"], ["metadata", "name"]];

function identityAt(body: JsonObject, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => (isObject(value) ? own(value, key) : undefined), body);
}

function merge(patch: Patch, value: JsonObject, { body, trail }: State): State {
  const { shadow, steps } = shadowOfValue(value, { patch, at: "/merge" }, trail.steps);
  return {
    body: asObject(mergePatch(body, value)),
    trail: {
      shadow: mergePatch(trail.shadow, shadow),
      steps,
      touched: [...trail.touched, ...touchedBy(patch, value, "")],
    },
  };
}

/** Where a merge patch removes something, or sets what is empty. */
function touchedBy(patch: Patch, value: Json, path: Pointer): Trail["touched"] {
  if (!isObject(value) || Object.keys(value).length === 0) return [{ path, step: { patch, at: `/merge${path}` } }];
  return Object.entries(value).flatMap(([key, item]) => touchedBy(patch, item, `${path}/${escaped(key)}`));
}

function carryOut(
  patch: Patch,
  operations: readonly PatchOperation[],
  { body, trail }: State,
  document: Patchable,
): State | Problem {
  const patched = jsonPatch(body, operations);
  if ("failed" in patched) {
    const { op, path } = operations[patched.failed] ?? { op: "", path: "" };
    const step = `step ${patched.failed + 1} (${op} ${path})`;
    const message = `${patch.place.label} fails on ${keyOf(document)} (${document.place}): ${step}: ${patched.why}`;
    return { ...at(patch, `/patch/${patched.failed}`), code: "patch/failed", message };
  }
  if (!isObject(patched.document)) {
    const message = `${patch.place.label} makes ${keyOf(document)} (${document.place}) something that is no map`;
    return { ...at(patch, "/patch"), code: "patch/failed", message };
  }
  return {
    body: patched.document,
    trail: operations.reduce((done, step, index) => follow(done, patch, step, index), trail),
  };
}

/** The trail after one step of a JSON Patch that succeeded. */
function follow(trail: Trail, patch: Patch, operation: PatchOperation, index: number): Trail {
  if (operation.op === "test") return trail;
  const step = { patch, at: `/patch/${index}` };
  const { shadow: value, steps } =
    "value" in operation
      ? shadowOfValue(operation.value, { patch, at: `${step.at}/value` }, trail.steps)
      : { shadow: null, steps: trail.steps };
  const moved = jsonPatch(trail.shadow, ["value" in operation ? { ...operation, value } : operation]);
  const places = [operation.path, ...(operation.op === "move" ? [operation.from] : [])];
  return {
    shadow: "failed" in moved ? trail.shadow : moved.document,
    steps,
    touched: [...trail.touched, ...places.map((path) => ({ path, step }))],
  };
}

function at({ place }: Patch, pointer: Pointer): Pick<Problem, "severity" | "path" | "range"> {
  const range = place.find(pointer);
  return { severity: "error", path: place.path, ...(range !== undefined && { range }) };
}

function keyOf({ kind, body }: Patchable): string {
  return `${kind}/${nameOf(body)}`;
}

function nameOf(body: JsonObject): string {
  const name = identityAt(body, ["metadata", "name"]);
  return typeof name === "string" ? name : "";
}

function asObject(value: Json): JsonObject {
  return isObject(value) ? value : {};
}

function escaped(key: string): string {
  return key.replaceAll("~", "~0").replaceAll("/", "~1");
}
