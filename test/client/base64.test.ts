import * as fc from "fast-check";
import { expect, it } from "vitest";
import { collect } from "../support/wire-server.ts";
import { base64Chunks, base64Length } from "../../src/client/base64.ts";

it("base64 in pieces is the base64 of the whole, of the length that was announced", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 20 })), async (pieces) => {
      const text = (await collect(base64Chunks(ReadableStream.from(pieces)))).join("");
      const whole = Buffer.concat(pieces);
      expect(text).toBe(whole.toString("base64"));
      expect(text).toHaveLength(base64Length(whole.length));
    }),
  );
});
