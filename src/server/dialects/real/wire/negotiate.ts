import { detail } from "./answers.ts";

/** What stands in the way of any JSON answer, before the token is looked at (llmstack-server.md 1.2, 2.2). */
export function refuseFormat(request: Request, query: URLSearchParams): Response | undefined {
  if (query.has("format")) return detail(404, "Not found.");
  const accept = request.headers.get("accept") ?? "*/*";
  const types = accept.split(",").map((type) => type.split(";")[0]?.trim().toLowerCase());
  if (types.some((type) => type === "*/*" || type === "application/*" || type === "application/json")) return undefined;
  return detail(406, "Could not satisfy the request Accept header.");
}

/** True for a Host that Django lets in: the name itself, `.name` with its subdomains, or `*` (llmstack-server.md 1.2). */
export function isAllowedHost(host: string, allowed: readonly string[]): boolean {
  const name = host.replace(/:\d+$/u, "").toLowerCase();
  return allowed.some(
    (entry) =>
      entry === "*" || entry === name || (entry.startsWith(".") && (name.endsWith(entry) || name === entry.slice(1))),
  );
}
