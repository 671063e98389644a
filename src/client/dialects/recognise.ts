import { SyncError } from "../../model/errors.ts";
import { isArray, isObject, type Json } from "../../model/json.ts";
import type { Http, Sight } from "../http.ts";
import type { Dialect } from "./dialect.ts";

export interface Recognised {
  readonly dialect: Dialect;
  /** How, in words. */
  readonly by: string;
}

const PROBE = "/api/datasource_types";

/** The dialect a person named. Throws SyncError `usage` for a name nobody knows. */
export function pinned(name: string, dialects: readonly Dialect[]): Recognised {
  const dialect = dialects.find((candidate) => candidate.name === name);
  if (dialect === undefined) throw unknownName(name, dialects);
  return { dialect, by: "named with --dialect" };
}

/**
 * Finds out which dialect a server speaks, with one GET (llmstack-server.md 6.4). Throws SyncError
 * `unsupported_server`, saying what was seen, for a server that none of `dialects` is for.
 */
export async function recognise(http: Http, dialects: readonly Dialect[], signal: AbortSignal): Promise<Recognised> {
  const sight = await http.look(PROBE, signal);
  const seen = `GET ${PROBE} answered ${inWords(sight)}`;
  const name = nameOf(sight);
  const dialect = dialects.find((candidate) => candidate.name === name);
  if (dialect !== undefined) return { dialect, by: seen };
  throw new SyncError(
    "unsupported_server",
    `${seen}: ${name === undefined ? "no LLMStack known to this version answers so" : `this looks like ${LOOKS_LIKE[name]}`}`,
    {
      remedy: `This version of llmstack-sync speaks: ${list(dialects)}. Check the server's address, or name a dialect with --dialect.`,
    },
  );
}

type DialectName = "doc" | "versioned" | "classic" | "slug";

const LOOKS_LIKE: Readonly<Record<DialectName, string>> = {
  doc: "the documented API (dialect doc)",
  versioned: "LLMStack v0.2.1 or later (dialect pipeline or versioned)",
  slug: "LLMStack v0.1.5 to v0.2.0 (dialect slug)",
  classic: "LLMStack v0.0.25 to v0.1.4 (dialect classic)",
};

function nameOf({ status, kind, body }: Sight): DialectName | undefined {
  if (status === 404 || kind === "html") return "doc";
  const first = isArray<Json>(body) ? body[0] : undefined;
  if (!isObject(first)) return undefined;
  if ("pipeline" in first) return "versioned";
  if ("slug" in first) return "slug";
  return "id" in first ? "classic" : undefined;
}

function inWords({ status, kind, body }: Sight): string {
  if (status === 404) return "404 (no such route)";
  if (kind === "html") return `${status} with a page (no such route)`;
  if (kind !== "json") return `${status} without JSON`;
  if (!isArray<Json>(body)) return `${status} with JSON that is no list`;
  const first = body[0];
  if (first === undefined) return `${status} with an empty list (an LLMStack whose datasource types are not loaded)`;
  const keys = isObject(first) ? Object.keys(first).slice(0, 12) : [];
  return `${status} with a list of ${keys.length === 0 ? typeof first : `{${keys.join(", ")}}`}`;
}

function unknownName(name: string, dialects: readonly Dialect[]): SyncError {
  return new SyncError("usage", `no dialect is called ${JSON.stringify(name)}`, {
    remedy: `Known: ${list(dialects)}. Without --dialect it is found out from the server.`,
  });
}

function list(dialects: readonly Dialect[]): string {
  return dialects.map(({ name, servers }) => `${name} (${servers})`).join(", ");
}
