import type { Json, JsonObject } from "../../model/json.ts";

const PIECE = 24;

/**
 * The framing of a streamed answer: newline-delimited JSON objects (`application/x-ndjson`). Each line carries pieces
 * of the values of the whole answer's keys: strings under one key are concatenated in the order of the lines, and any
 * other value comes whole, in one line. Stitched together the lines are exactly the answer without `stream`.
 */
export function streamByKey(answer: JsonObject): Response {
  const encoder = new TextEncoder();
  const body = ReadableStream.from(
    pieces(answer)
      .map((piece) => encoder.encode(`${JSON.stringify(piece)}\n`))
      .values(),
  );
  return new Response(body, { status: 200, headers: { "content-type": "application/x-ndjson" } });
}

function pieces(answer: JsonObject): readonly JsonObject[] {
  return Object.entries(answer).flatMap(([key, value]) => split(value).map((piece) => ({ [key]: piece })));
}

/** By code points, so that no piece ends within a character; an empty string is one empty piece. */
function split(value: Json): readonly Json[] {
  if (typeof value !== "string" || value === "") return [value];
  const characters = Array.from(value);
  return Array.from({ length: Math.ceil(characters.length / PIECE) }, (_, index) =>
    characters.slice(index * PIECE, (index + 1) * PIECE).join(""),
  );
}
