/** A glob as the folder before its first wildcard, and the pattern from there. */
export function splitGlob(glob: string): { readonly base: string; readonly pattern: string } {
  const wildcard = glob.search(/[*?[{\\]|[!@+]\(|\([^()]*\|/u);
  const end = glob.lastIndexOf("/", wildcard === -1 ? glob.length : wildcard);
  if (end === 0) return { base: "/", pattern: glob.slice(1) };
  return { base: glob.slice(0, Math.max(0, end)), pattern: glob.slice(end + 1) };
}
