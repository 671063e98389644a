import { describe, expect, it } from "vitest";
import { jsonPatch } from "../../../src/manifest/patch/json-patch.ts";
import type { Json } from "../../../src/model/json.ts";
import type { PatchOperation } from "../../../src/model/patch.ts";

describe("a JSON Patch", () => {
  it.each<{ readonly does: string; readonly to: Json; readonly by: PatchOperation; readonly gives: Json }>([
    { does: "adds a member", to: { a: 1 }, by: { op: "add", path: "/b", value: 2 }, gives: { a: 1, b: 2 } },
    { does: "adds over a member", to: { a: 1 }, by: { op: "add", path: "/a", value: 2 }, gives: { a: 2 } },
    { does: "puts an item in between", to: [1, 3], by: { op: "add", path: "/1", value: 2 }, gives: [1, 2, 3] },
    { does: "puts an item behind the last", to: [1], by: { op: "add", path: "/-", value: 2 }, gives: [1, 2] },
    { does: "removes a member", to: { a: 1, b: 2 }, by: { op: "remove", path: "/a" }, gives: { b: 2 } },
    { does: "removes an item", to: [1, 2], by: { op: "remove", path: "/0" }, gives: [2] },
    {
      does: "replaces",
      to: { a: { b: 1 } },
      by: { op: "replace", path: "/a/b", value: null },
      gives: { a: { b: null } },
    },
    { does: "replaces all of it", to: { a: 1 }, by: { op: "replace", path: "", value: [1] }, gives: [1] },
    {
      does: "moves",
      to: { a: { b: 1 }, c: {} },
      by: { op: "move", from: "/a/b", path: "/c/d" },
      gives: { a: {}, c: { d: 1 } },
    },
    { does: "copies", to: { a: [1] }, by: { op: "copy", from: "/a", path: "/b" }, gives: { a: [1], b: [1] } },
    {
      does: "goes on after a test",
      to: { a: [1, "x"] },
      by: { op: "test", path: "/a", value: [1, "x"] },
      gives: { a: [1, "x"] },
    },
    { does: "knows escapes", to: { "a/b~c": 1 }, by: { op: "remove", path: "/a~1b~0c" }, gives: {} },
  ])("$does", ({ to, by, gives }) => {
    expect(jsonPatch(to, [by])).toEqual({ document: gives });
  });

  it.each<{ readonly what: string; readonly to: Json; readonly by: PatchOperation; readonly why: string }>([
    { what: "removing nothing", to: {}, by: { op: "remove", path: "/a" }, why: "nothing stands at /a" },
    { what: "replacing nothing", to: {}, by: { op: "replace", path: "/a", value: 1 }, why: "nothing stands at /a" },
    {
      what: "replacing behind a list",
      to: [1],
      by: { op: "replace", path: "/-", value: 1 },
      why: "nothing stands at /-",
    },
    { what: "adding into nothing", to: {}, by: { op: "add", path: "/a/b", value: 1 }, why: "nothing stands at /a" },
    {
      what: "adding into a text",
      to: { a: "x" },
      by: { op: "add", path: "/a/b", value: 1 },
      why: "no map or list stands at /a",
    },
    {
      what: "adding far behind a list",
      to: [1],
      by: { op: "add", path: "/5", value: 1 },
      why: "the list there has 1 items",
    },
    {
      what: "an index that is none",
      to: [1],
      by: { op: "add", path: "/01", value: 1 },
      why: "the list there has 1 items",
    },
    {
      what: "a test that does not hold",
      to: { a: "hush" },
      by: { op: "test", path: "/a", value: "x" },
      why: "another value stands there",
    },
    {
      what: "what is inherited",
      to: {},
      by: { op: "add", path: "/toString/x", value: 1 },
      why: "nothing stands at /toString",
    },
    {
      what: "a prototype",
      to: {},
      by: { op: "add", path: "/__proto__", value: { x: 1 } },
      why: "__proto__ is not allowed as a key",
    },
    {
      what: "a constructor",
      to: {},
      by: { op: "add", path: "/constructor/x", value: 1 },
      why: "nothing stands at /constructor",
    },
  ])("refuses $what, in words without values", ({ to, by, why }) => {
    expect(jsonPatch(to, [by])).toEqual({ failed: 0, why });
  });

  it("leaves the document alone, and says which step failed", () => {
    const document = { list: [1, 2] };
    const steps: readonly PatchOperation[] = [
      { op: "remove", path: "/list/0" },
      { op: "remove", path: "/list/7" },
    ];
    expect(jsonPatch(document, steps)).toEqual({ failed: 1, why: "nothing stands at /list/7" });
    expect(document).toEqual({ list: [1, 2] });
    expect("x" in Object).toBe(false);
  });
});
