/** Why git would not take the full name (`refs/heads/main`) for a ref; undefined for a good one. */
export function badRefName(full: string): string | undefined {
  if (!/^refs\/[^/]+\/./u.test(full)) return "is not a full name such as refs/heads/main";
  // oxlint-disable-next-line no-control-regex -- These are the characters it is about.
  if (/[\u0000-\u0020\u007f~^:?*[\\]/u.test(full)) return "has a character that no ref may have";
  if (full.includes("..") || full.includes("@{") || full.endsWith(".")) return "has dots or braces where no ref may";
  const isBadPart = (part: string): boolean => part === "" || part.startsWith(".") || part.endsWith(".lock");
  return full.split("/").some(isBadPart) ? "has a part that is empty, starts with a dot or ends in .lock" : undefined;
}

/** `main` for refs/heads/main, `v1` for refs/tags/v1, any other name as it is. */
export function shortName(full: string): string {
  return full.replace(/^refs\/(?:heads|tags)\//u, "");
}
