import type { ServerOptions } from "../../src/server/create-server.ts";
import { type Answer, type Api, apiOf, startServer, TOKEN } from "./server-requests.ts";

export type RealName = "versioned" | "pipeline" | "slug" | "classic";

export const REAL: readonly RealName[] = ["versioned", "pipeline", "slug", "classic"];
export const NEW: readonly RealName[] = ["versioned", "pipeline"];
export const OLD: readonly RealName[] = ["slug", "classic"];

/** Somebody else, and somebody of the same organisation as the token's owner. */
export const STRANGER = "5555555555555555555555555555555555555555";
export const COLLEAGUE = "6666666666666666666666666666666666666666";

export interface RealApi extends Api {
  /** The same request with another token; an empty one sends none. */
  as(token: string): Api["send"];
  restart(): RealApi;
}

/** A real dialect in memory, with an owner, a colleague and a stranger. */
export function startReal(dialect: RealName, options: Partial<ServerOptions> = {}): RealApi {
  const { server } = startServer({ dialect, accounts: ACCOUNTS, ...options });
  return realApi(server, () => startReal(dialect, options));
}

const ACCOUNTS = [
  { username: "owner", email: "owner@example.org", token: TOKEN, organization: "acme" },
  { username: "colleague", email: "colleague@example.org", token: COLLEAGUE, organization: "acme" },
  { username: "stranger", email: "stranger@example.org", token: STRANGER },
];

function realApi(server: Api["server"], restart: () => RealApi): RealApi {
  const api = apiOf(server);
  return {
    ...api,
    restart,
    as: (token) => (method, path, body, headers) =>
      api.send(method, path, body, { authorization: token === "" ? "" : `Token ${token}`, ...headers }),
  };
}

/** What an answer is at first sight: html, json, empty, or another content type. */
export function kindOf({ headers, text }: Answer): string {
  const type = headers.get("content-type");
  if (type === null) return text === "" ? "empty" : "untyped";
  if (type.startsWith("text/html")) return "html";
  return type === "application/json" ? "json" : type;
}

export function seen(answer: Answer): string {
  return `${answer.status} ${kindOf(answer)}`;
}

/** What creates a datasource of a type there. */
export function aDatasource(dialect: RealName, type = "text", name = "Docs"): Record<string, unknown> {
  if (dialect === "classic") return { name, type: { text: 1, url: 2, pdf: 3, file: 4 }[type] };
  if (dialect === "slug") return { name, type_slug: type };
  return { name, type_slug: type, pipeline: aPipeline(type) };
}

export function aPipeline(type = "text", more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    source: { slug: type, provider_slug: "promptly", data: { secret: 1 } },
    transformations: [{ slug: "splitter", provider_slug: "unstructured", data: {} }],
    embedding: { slug: "embeddings-generator", provider_slug: "promptly", data: {} },
    destination: { slug: "vector-store", provider_slug: "promptly", data: {} },
    ...more,
  };
}

/** What adds an entry there. */
export function anEntry(dialect: RealName, data: Record<string, unknown>): Record<string, unknown> {
  return OLD.includes(dialect) ? { entry_data: data } : { source_data: { extra_data: [], ...data } };
}

/** A datasource with entries of those names; their uuids in order. */
export async function docsWith(api: Api, dialect: RealName, names: readonly string[]): Promise<Docs> {
  const { uuid } = await api.send("POST", "/api/datasources", aDatasource(dialect));
  for (const name of names) {
    await api.send("POST", `/api/datasources/${uuid}/add_entry`, anEntry(dialect, { name, content: `about ${name}` }));
  }
  const listed = await api.send("GET", `/api/datasources/${uuid}/entries`);
  return { uuid, entries: listed.json as Docs["entries"] };
}

interface Docs {
  readonly uuid: string;
  readonly entries: readonly {
    readonly uuid: string;
    readonly name: string;
    readonly status: string;
    readonly config: Readonly<Record<string, unknown>>;
  }[];
}
