import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { objectPath, parseUuid } from "../../src/client/uuid.ts";

describe("addresses of objects", () => {
  it("are built of a full uuid in lower case", () => {
    expect(objectPath("/api/apps", "ABCDEF01-2345-6789-ABCD-EF0123456789")).toBe(
      "/api/apps/abcdef01-2345-6789-abcd-ef0123456789",
    );
  });

  it.each(["", " ", "entries", "..", "abcdef0123456789abcdef0123456789", "{11111111-2222-4333-8444-555555555555}"])(
    "are never built of %j",
    (uuid) => {
      expect(() => objectPath("/api/datasources", uuid)).toThrow(expect.objectContaining({ class: "internal" }));
    },
  );

  it("are never built of text that is no uuid", () => {
    fc.assert(
      fc.property(fc.uuid(), fc.string(), fc.string({ minLength: 1 }), (uuid, text, more) => {
        expect([parseUuid(text), parseUuid(uuid + more)]).toEqual([undefined, undefined]);
      }),
    );
  });
});
