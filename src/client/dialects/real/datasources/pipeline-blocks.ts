import { SyncError } from "../../../../model/errors.ts";
import { isArray, isObject, type Json, type JsonObject, own } from "../../../../model/json.ts";

/** The parts of a pipeline, in the order that data goes through them. */
export const ROLES = ["source", "transformations", "embedding", "destination"] as const;

type Role = (typeof ROLES)[number];

/**
 * What servers can run, whatever their lists advertise (llmstack-server.md 5.3): anything else is taken in, fails at the
 * first entry, and then the datasource can never be deleted (5.2).
 */
const KNOWN: Readonly<Record<Role, readonly string[]>> = {
  source: ["text", "url", "file", "pdf", "csv", "archive"].map((slug) => `promptly/${slug}`),
  transformations: ["unstructured/splitter", "promptly/csv-text-splitter"],
  embedding: ["promptly/embeddings-generator"],
  destination: [
    ...["promptly", "weaviate", "chroma", "chromadb", "pinecone", "qdrant"].map(
      (provider) => `${provider}/vector-store`,
    ),
    "postgres/postgres",
    "singlestore/singlestore",
    "promptly/pandas",
    "promptly/sqlite",
  ],
};

/** Throws SyncError `invalid_manifest` for a block that neither servers can run nor the server's own template has. */
export function assertKnownBlocks(name: string, pipeline: JsonObject, template: JsonObject): void {
  for (const role of ROLES) {
    const known = new Set([...KNOWN[role], ...slugsIn(own(template, role) ?? null)]);
    const unknown = slugsIn(own(pipeline, role) ?? null).find((slug) => !known.has(slug));
    if (unknown === undefined) continue;
    throw new SyncError(
      "invalid_manifest",
      `datasource ${JSON.stringify(name)} has ${role} ${JSON.stringify(unknown)}, which no server can run`,
      {
        remedy: `Nothing was sent: a server would take it in and could then not delete it any more. Known: ${[...known].join(", ")}.`,
      },
    );
  }
}

function slugsIn(block: Json): readonly string[] {
  if (isArray<Json>(block)) return block.flatMap(slugsIn);
  if (block === null) return [];
  const { provider_slug: provider, slug } = isObject(block) ? block : {};
  return [`${word(provider)}/${word(slug)}`];
}

function word(value: unknown): string {
  return typeof value === "string" ? value : "";
}
