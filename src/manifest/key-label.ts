/**
 * An RFC 1123 label from a slug or a name: marks of letters dropped, lower case, runs of other characters as one `-`,
 * at most 63. Undefined when nothing is left.
 */
export function keyLabel(text: string): string | undefined {
  const label = text
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/gu, "-")
    .replace(/^-/u, "")
    .slice(0, 63)
    .replace(/-$/u, "");
  return label === "" ? undefined : label;
}
