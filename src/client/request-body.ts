import type { Json } from "../model/json.ts";

/** What a request carries. Its size is always known, so that no proxy has to cope with a chunked upload. */
export interface RequestBody {
  readonly contentType: string;
  /** Bytes. */
  readonly size: number;
  /** Opens the bytes, once. */
  open(): OpenBody;
  /** Every text of the body that an answer could echo: masked in what is shown of the answer. */
  texts(): readonly string[];
}

export interface OpenBody {
  readonly bytes: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>;
  /** Why the bytes ended early (a file that changed), after they did. */
  failure(): unknown;
}

export function jsonBody(value: Json): RequestBody {
  return textBody("application/json", JSON.stringify(value), value);
}

/** `value` is what `text` says, for masking. */
export function textBody(contentType: string, text: string, value: Json): RequestBody {
  const bytes = new TextEncoder().encode(text);
  return {
    contentType,
    size: bytes.length,
    open: () => ({ bytes, failure: () => undefined }),
    texts: () => textsOf(value),
  };
}

/** A body that is produced while it is sent. `value` is the part of it that could be echoed. */
export function streamedBody(
  contentType: string,
  size: number,
  chunks: () => AsyncIterable<string>,
  value: Json,
): RequestBody {
  return { contentType, size, open: () => openStream(chunks()), texts: () => textsOf(value) };
}

function openStream(chunks: AsyncIterable<string>): OpenBody {
  let failed: unknown;
  const encoder = new TextEncoder();
  async function* encoded(): AsyncIterable<Uint8Array> {
    try {
      for await (const chunk of chunks) yield encoder.encode(chunk);
    } catch (error) {
      failed = error;
      throw error;
    }
  }
  return { bytes: ReadableStream.from(encoded()), failure: () => failed };
}

function textsOf(value: Json): readonly string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap((item: Json) => textsOf(item));
}
