import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { collect } from "../support/wire-server.ts";
import { BrokenStream, jsonObjects } from "../../src/client/json-stream.ts";
import { isParsedRight } from "../support/json-values.ts";

const keys = fc.oneof(fc.string(), fc.constantFrom("}", '""', '\\"{'));
const objects = fc.array(fc.dictionary(keys, fc.jsonValue())).filter(isParsedRight);

/** The same bytes, cut at the given places: a cut may fall into the middle of a character. */
function cut(text: string, places: readonly number[]): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  const ends = [...places.map((place) => place % (bytes.length + 1)), bytes.length].toSorted((a, b) => a - b);
  return ReadableStream.from(ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end)));
}

const read = (text: string, places: readonly number[] = []): Promise<unknown[]> =>
  collect(jsonObjects(cut(text, places)));

describe("a stream of JSON objects", () => {
  it.each([
    ["one a line", (texts: readonly string[]) => texts.map((text) => `${text}\n`).join("")],
    ["without separators", (texts: readonly string[]) => texts.join("")],
    [
      "as server-sent events",
      (texts: readonly string[]) => texts.map((text) => `event: x\r\ndata: ${text}\r\n\r\n`).join(""),
    ],
  ])("is read object by object, %s, wherever the network cuts it", async (_, join) => {
    await fc.assert(
      fc.asyncProperty(objects, fc.array(fc.nat()), async (values, places) => {
        const texts = values.map((value) => JSON.stringify(value));
        expect(await read(join(texts), places)).toEqual(texts.map((text): unknown => JSON.parse(text)));
      }),
    );
  });

  it("ends quietly at the [DONE] that some servers send", async () => {
    expect(await read('data: {"a":1}\n\ndata: [DONE]\n\n')).toEqual([{ a: 1 }]);
  });

  it.each(['{"a":1}{"b":', "[1]", "oops", '{"a":1} 7', "data: 1\n\n", '{"a" 1}'])("%s is an error", async (text) => {
    await expect(read(text)).rejects.toThrow(BrokenStream);
  });
});
