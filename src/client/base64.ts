/** Length of the base64 text of so many bytes. */
export function base64Length(bytes: number): number {
  return 4 * Math.ceil(bytes / 3);
}

/** Base64 of the bytes piece by piece, equal to that of the whole: each piece but the last is a multiple of 3 bytes. */
export async function* base64Chunks(bytes: AsyncIterable<Uint8Array>): AsyncIterable<string> {
  let rest: Uint8Array = new Uint8Array(0);
  for await (const chunk of bytes) {
    const whole = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const aligned = whole.length - (whole.length % 3);
    rest = whole.slice(aligned);
    if (aligned > 0) yield toBase64(whole.subarray(0, aligned));
  }
  if (rest.length > 0) yield toBase64(rest);
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("base64");
}
