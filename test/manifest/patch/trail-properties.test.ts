import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyPatches } from "../../../src/manifest/patch/apply-patches.ts";
import { originsOf } from "../../../src/manifest/patch/trail.ts";
import { isArray, isObject, type Json, type JsonObject, own } from "../../../src/model/json.ts";
import type { Patch, PatchOperation } from "../../../src/model/patch.ts";
import { type Pointer, pointer, pointerSegments } from "../../../src/model/pointer.ts";

const KEYS = ["a", "b", "c/d", "~", "0", "1"];

const value: fc.Arbitrary<Json> = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constantFrom<Json>(null, true, 0, "x", "y"),
    fc.array(tie("json"), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...KEYS), tie("json"), { maxKeys: 3, noNullPrototype: true }),
  ),
})).json;

const path: fc.Arbitrary<Pointer> = fc
  .array(fc.constantFrom(...KEYS, "-"), { minLength: 1, maxLength: 3 })
  .map((segments) => pointer("spec", ...segments));

const operation: fc.Arbitrary<PatchOperation> = fc.oneof(
  fc.record({ op: fc.constantFrom("add" as const, "replace" as const), path, value }),
  fc.record({ op: fc.constant("remove" as const), path }),
  fc.record({ op: fc.constantFrom("move" as const, "copy" as const), path, from: path }),
);

const change: fc.Arbitrary<Patch["change"]> = fc.oneof(
  fc.record({ patch: fc.array(operation, { minLength: 1, maxLength: 3 }) }),
  fc.record({ merge: value.map((spec) => ({ spec })) }),
);

const patches: fc.Arbitrary<readonly Patch[]> = fc.array(
  change.map((of) => ({
    target: { kind: "App", name: "*" },
    change: of,
    place: { path: "p", label: "a patch", find: () => undefined },
  })),
  { maxLength: 4 },
);

const body: fc.Arbitrary<JsonObject> = value.map((spec) => ({ kind: "App", metadata: { name: "bot" }, spec }));

function valueAt(document: Json, at: Pointer): Json | undefined {
  return pointerSegments(at).reduce<Json | undefined>(
    (found, key) => (isArray<Json>(found) ? found[Number(key)] : isObject(found) ? own(found, key) : undefined),
    document,
  );
}

/** Everything that is neither map nor list, with its place. */
function leavesOf(document: Json, at: Pointer = ""): readonly (readonly [Pointer, Json])[] {
  if (isArray<Json>(document)) return document.flatMap((item, index) => leavesOf(item, at + pointer(index)));
  if (!isObject(document)) return [[at, document]];
  return Object.entries(document).flatMap(([key, item]) => leavesOf(item, at + pointer(key)));
}

describe("whatever patches do", () => {
  it("every value is found again where its trail says that it comes from", () => {
    fc.assert(
      fc.property(body, patches, (before, all) => {
        const patched = applyPatches(all, { kind: "App", body: before, isResource: true, place: "bot.yaml:1" });
        if (patched === undefined) return;
        for (const [at, leaf] of leavesOf(patched.body)) {
          const [from] = originsOf(patched.trail, at);
          const source = "document" in from ? valueAt(before, from.document) : valueAt(from.patch.change, from.at);
          expect([at, source]).toEqual([at, leaf]);
        }
      }),
    );
  });

  it("nothing is changed in place, and who it is stays", () => {
    fc.assert(
      fc.property(body, patches, (before, all) => {
        const text = JSON.stringify([before, all.map((patch) => patch.change)]);
        const patched = applyPatches(all, { kind: "App", body: before, isResource: true, place: "bot.yaml:1" });
        expect(JSON.stringify([before, all.map((patch) => patch.change)])).toBe(text);
        expect(patched?.body ?? before).toMatchObject({ kind: "App", metadata: { name: "bot" } });
      }),
    );
  });
});
