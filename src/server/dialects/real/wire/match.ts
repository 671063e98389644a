import type { RealRoute } from "./view.ts";

export interface Matched {
  readonly route: RealRoute;
  readonly parameters: ReadonlyMap<string, string>;
}

/** Finds the first route of a path. Paths are exact: one slash more is no route (llmstack-server.md 2.1). */
export type Match = (pathname: string) => Matched | undefined;

export function matcher(routes: readonly RealRoute[]): Match {
  const patterns = routes.map((route) => ({ route, parts: route.path.split("/") }));
  return (pathname) => {
    const given = decode(pathname).split("/");
    for (const { route, parts } of patterns) {
      const parameters = compare(parts, given);
      if (parameters !== undefined) return { route, parameters };
    }
    return undefined;
  };
}

/** Django matches the path after it is decoded: an encoded slash separates as well as any other. */
function decode(pathname: string): string {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return pathname;
  }
}

function compare(parts: readonly string[], given: readonly string[]): ReadonlyMap<string, string> | undefined {
  if (parts.length !== given.length) return undefined;
  const parameters = new Map<string, string>();
  for (const [index, part] of parts.entries()) {
    const value = given[index] ?? "";
    if (part.startsWith("<")) {
      if (value === "") return undefined;
      parameters.set(part.slice(1, -1), value);
    } else if (part !== value) return undefined;
  }
  return parameters;
}
