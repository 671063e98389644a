import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { moreOpenThan, narrowed, opennessOf, publishOfReplacement, unlikeAsked } from "../../src/model/publish.ts";
import type { Publish } from "../../src/model/resource.ts";

const people = fc.subarray(["a", "b", "c"]);
const whole: fc.Arbitrary<Required<Publish>> = fc.record({
  state: fc.constantFrom("Published" as const, "Unpublished" as const),
  visibility: fc.constantFrom("private" as const, "organization" as const, "unlisted" as const, "public" as const),
  readers: people,
  writers: people,
});
const stated = fc
  .tuple(whole, fc.subarray(["state", "visibility", "readers", "writers"] as const))
  .map(([all, fields]): Publish => Object.fromEntries(fields.map((field) => [field, all[field]])));

describe("the narrow half of a change of who may see an app", () => {
  it("lets nobody in who is not in, whatever is asked", () => {
    fc.assert(
      fc.property(whole, stated, (live, wanted) => {
        const now = { ...live, ...narrowed(wanted, live) };
        expect(moreOpenThan(live, now)).toEqual([]);
      }),
    );
  });

  it("keeps out everybody whom the manifest keeps out", () => {
    fc.assert(
      fc.property(whole, stated, (live, wanted) => {
        const now = { ...live, ...narrowed(wanted, live) };
        const allowed = { ...live, ...wanted };
        expect(now.readers.filter((person) => !allowed.readers.includes(person))).toEqual([]);
        expect(opennessOf(now.visibility)).toBeLessThanOrEqual(opennessOf(allowed.visibility));
        expect(wanted.state === "Unpublished" && now.state === "Published").toBe(false);
      }),
    );
  });
});

describe("what a server made of who may see an app", () => {
  it("is as asked where it is", () => {
    fc.assert(
      fc.property(whole, stated, (live, wanted) => {
        const now = { ...live, ...wanted };
        expect([unlikeAsked(wanted, now), moreOpenThan(wanted, now)]).toEqual([[], []]);
      }),
    );
  });

  it.each<{ says: string; asked: Publish; now: Publish; open: readonly string[]; unlike: readonly string[] }>([
    {
      says: "more public",
      asked: { visibility: "private" },
      now: { state: "Published", visibility: "public" },
      open: ["visibility"],
      unlike: ["visibility"],
    },
    {
      says: "less public",
      asked: { visibility: "public" },
      now: { state: "Published", visibility: "private" },
      open: [],
      unlike: ["visibility"],
    },
    {
      says: "shown, not hidden",
      asked: { state: "Unpublished" },
      now: { state: "Published" },
      open: ["state"],
      unlike: ["state"],
    },
    {
      says: "hidden, not shown",
      asked: { state: "Published" },
      now: { state: "Unpublished" },
      open: [],
      unlike: ["state"],
    },
    {
      says: "another reader",
      asked: { readers: ["a"] },
      now: { state: "Published", readers: ["a", "b"] },
      open: ["readers"],
      unlike: ["readers"],
    },
    {
      says: "a reader less",
      asked: { readers: ["a", "b"] },
      now: { state: "Published", readers: ["b"] },
      open: [],
      unlike: ["readers"],
    },
    {
      says: "hidden, for whomever",
      asked: { visibility: "private" },
      now: { state: "Unpublished", visibility: "public" },
      open: [],
      unlike: [],
    },
  ])("is told where it is $says", ({ asked, now, open, unlike }) => {
    expect([moreOpenThan(asked, now), unlikeAsked(asked, now)]).toEqual([open, unlike]);
  });
});

describe("a replacement", () => {
  it("is seen by those who saw the old one, as far as the manifest says nothing else", () => {
    const old: Publish = { state: "Published", visibility: "unlisted", readers: ["a"] };
    expect(publishOfReplacement({ visibility: "private" }, old)).toEqual({ ...old, visibility: "private" });
    expect(publishOfReplacement(undefined, old)).toEqual(old);
    expect(publishOfReplacement(undefined, { ...old, state: "Unpublished" })).toBeUndefined();
  });
});
