/** JSON pointers (RFC 6901), the one way this project names a place in a document. */
export type Pointer = string;

export function pointer(...segments: readonly (string | number)[]): Pointer {
  return segments.map((segment) => `/${escape(String(segment))}`).join("");
}

export function pointerSegments(path: Pointer): readonly string[] {
  if (path === "") return [];
  return path
    .slice(1)
    .split("/")
    .map((segment) => segment.replaceAll("~1", "/").replaceAll("~0", "~"));
}

function escape(segment: string): string {
  return segment.replaceAll("~", "~0").replaceAll("/", "~1");
}
