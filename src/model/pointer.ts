/** JSON pointers (RFC 6901), the one way this project names a place in a document. */
export type Pointer = string;

export function pointer(...segments: readonly (string | number)[]): Pointer {
  let path = "";
  for (const segment of segments) path += `/${typeof segment === "number" ? segment : escape(segment)}`;
  return path;
}

export function pointerSegments(path: Pointer): readonly string[] {
  if (path === "") return [];
  const segments = path.slice(1).split("/");
  return path.includes("~") ? segments.map((text) => text.replaceAll("~1", "/").replaceAll("~0", "~")) : segments;
}

/** Nearly no key needs it, and this is called for every place of every document. */
function escape(segment: string): string {
  return /[~/]/u.test(segment) ? segment.replaceAll("~", "~0").replaceAll("/", "~1") : segment;
}
