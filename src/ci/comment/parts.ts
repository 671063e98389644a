/** A piece of a comment that is shown whole or not at all: fences and folds in it are always closed. */
export interface Part {
  readonly text: string;
  /** What is said where it had to be left out; several alike are counted. */
  readonly without: string;
}

interface Assembly {
  /** Never left out: verdict, counts. */
  readonly head: readonly string[];
  /** In order of importance; what does not fit is left out, and what comes after it still may fit. */
  readonly parts: readonly Part[];
  readonly foot: readonly string[];
  /** UTF-8 bytes. */
  readonly limit: number;
}

/** Head, as many parts as fit, what is missing, foot. */
export function assembleParts({ head, parts, foot, limit }: Assembly): string {
  let left = limit - sizeOf(head) - sizeOf(foot) - ROOM_FOR_OMISSIONS;
  const fitting: string[] = [];
  const missing = new Map<string, number>();
  for (const { text, without } of parts) {
    const size = sizeOf([text]);
    if (size <= left) {
      left -= size;
      fitting.push(text);
    } else missing.set(without, (missing.get(without) ?? 0) + 1);
  }
  const omitted = [...missing].map(([what, count]) => (count === 1 ? what : `${what} (${count})`));
  const note =
    omitted.length === 0 ? [] : [`**Left out, because a comment may not be longer: ${omitted.join(", ")}.**`];
  return `${[...head, ...fitting, ...note, ...foot].join("\n\n")}\n`;
}

const ROOM_FOR_OMISSIONS = 400;

function sizeOf(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text) + 2, 0);
}
