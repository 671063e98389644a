/**
 * The route of a request, without what names a single object: `/api/apps/{id}/versions`. There are as many of these as
 * llmstack-sync has uses for, whatever is on a server. Pure.
 */
export function routeOf(path: string): string {
  const from = path.indexOf("/api/");
  if (from < 0) return "other";
  const segments = path.slice(from).split("/").filter(Boolean);
  return `/${segments.map((segment) => (WORD.test(segment) ? segment : "{id}")).join("/")}`;
}

/** As LLMStack names collections and commands; uuids and ids have digits or dashes in them. */
const WORD = /^[a-z_]+$/u;
