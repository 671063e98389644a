import { SyncError } from "../../model/errors.ts";
import { isArray, isObject, type Json } from "../../model/json.ts";
import type { Http, Probe, Sight } from "../http.ts";
import type { Dialect } from "./dialect.ts";
import { unknownDialect, unknownServer } from "../../model/hints.ts";

export interface Recognised {
  readonly dialect: Dialect;
  /** How, in words. */
  readonly by: string;
}

const TYPES = "/api/datasource_types";

/** The dialect a person named. Throws SyncError `usage` for a name nobody knows. */
export function pinned(name: string, dialects: readonly Dialect[]): Recognised {
  const dialect = dialects.find((candidate) => candidate.name === name);
  if (dialect === undefined) throw unknownName(name, dialects);
  return { dialect, by: "named with --dialect" };
}

/**
 * Finds out which dialect a server speaks, with one GET and where that is not enough with OPTIONS, which change nothing
 * anywhere (llmstack-server.md 6.4). Throws SyncError `unsupported_server`, saying what was seen, for a server that none
 * of `dialects` is for.
 */
export async function recognise(http: Http, dialects: readonly Dialect[], signal: AbortSignal): Promise<Recognised> {
  const { name, by } = await sightOf(http, signal);
  const dialect = dialects.find((candidate) => candidate.name === name);
  if (dialect !== undefined) return { dialect, by };
  throw new SyncError("unsupported_server", `${by}: no LLMStack known to this version answers so`, {
    ...unknownServer(list(dialects)),
  });
}

/** What was made of what was seen; without a name nothing known answers so. */
interface Recognisable {
  readonly name?: string;
  readonly by: string;
}

async function sightOf(http: Http, signal: AbortSignal): Promise<Recognisable> {
  const sight = await http.look(TYPES, signal);
  const by = `GET ${TYPES} answered ${inWords(sight)}`;
  if (sight.status === 404 || sight.kind === "html") return { name: "doc", by };
  const items = isArray<Json>(sight.body) ? sight.body : undefined;
  if (items === undefined) return { by };
  const [first] = items;
  // Types come from a fixture that may not be loaded: then routes have to tell.
  if (first === undefined) return byRoutes(http, by, signal);
  if (!isObject(first)) return { by };
  if ("pipeline" in first) return byAppTypes(http, by, signal);
  if ("slug" in first) return { name: "slug", by };
  return "id" in first ? { name: "classic", by } : { by };
}

const APP_TYPES = "/api/app_types";

/** The route of app types went with v0.2.6. */
async function byAppTypes(http: Http, seen: string, signal: AbortSignal): Promise<Recognisable> {
  const probe = await http.probe(APP_TYPES, signal);
  const by = `${seen}; ${optionsInWords(APP_TYPES, probe)}`;
  if (isRoute(probe)) return { name: "pipeline", by };
  return isNoRoute(probe) ? { name: "versioned", by } : { by };
}

const TEMPLATES = "/api/data/pipeline/templates";
const STORE = "/api/store/apps";
const DATASOURCES = "/api/datasources";

async function byRoutes(http: Http, seen: string, signal: AbortSignal): Promise<Recognisable> {
  const templates = await http.probe(TEMPLATES, signal);
  const by = `${seen}; ${optionsInWords(TEMPLATES, templates)}`;
  if (isRoute(templates)) return byAppTypes(http, by, signal);
  // The store is there, and fails on OPTIONS, at v0.2.0; at v0.1.4 it is not.
  const store = await http.probe(STORE, signal);
  if (isRoute(store)) return { name: "slug", by: `${by}; ${optionsInWords(STORE, store)}` };
  const datasources = await http.probe(DATASOURCES, signal);
  const all = `${by}; ${optionsInWords(DATASOURCES, datasources)}`;
  return isRoute(datasources) ? { name: "classic", by: all } : { by: all };
}

/** A route answers OPTIONS with JSON or breaks on it; where there is none, the page of the application comes back. */
function isRoute({ status, kind }: Probe): boolean {
  return status === 500 || kind === "json";
}

/** Anything else, such as 405, is a proxy's answer and says nothing of the server. */
function isNoRoute({ status, kind }: Probe): boolean {
  return kind === "html" || status === 404;
}

function optionsInWords(path: string, probe: Probe): string {
  const { status } = probe;
  if (isNoRoute(probe)) return `OPTIONS ${path} knows no such route`;
  return `OPTIONS ${path} answered ${status}`;
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
    ...unknownDialect(list(dialects)),
  });
}

function list(dialects: readonly Dialect[]): string {
  return dialects.map(({ name, servers }) => `${name} (${servers})`).join(", ");
}
