import { isArray } from "../../../../model/json.ts";
import { isTreeObject, type Tree, type TreeObject } from "../wire/tree.ts";

/** What the resolver accepts at HEAD (llmstack-server.md 5.3), as `provider/slug`. */
const SOURCES = new Set(["text", "url", "file", "pdf", "archive", "csv"].map((slug) => `promptly/${slug}`));
const TRANSFORMATIONS = ["unstructured/splitter", "promptly/csv-text-splitter"];
const EMBEDDINGS = ["promptly/embeddings-generator"];
const DESTINATIONS = [
  "promptly/vector-store",
  "weaviate/vector-store",
  "chromadb/vector-store",
  "chroma/vector-store",
  "pinecone/vector-store",
  "qdrant/vector-store",
  "postgres/postgres",
  "singlestore/singlestore",
  "promptly/pandas",
  "promptly/sqlite",
];

/** Splitters that are advertised and that the resolver does not accept (5.3). */
const ADVERTISED_SPLITTERS = ["code-splitter", "sentence-splitter", "semantic-double-merging-splitter"];

/** The slug of a pipeline's source that can be resolved; undefined where there is none, or none such. */
export function sourceOf(pipeline: Tree): string | undefined {
  const source = isTreeObject(pipeline) ? pipeline["source"] : undefined;
  const id = idOf(source);
  return id !== undefined && SOURCES.has(id) ? id.split("/")[1] : undefined;
}

/** Whether everything behind the source can be built; a bad block is found out by the first entry (5.2). */
export function canProcess(pipeline: Tree): boolean {
  if (!isTreeObject(pipeline)) return false;
  const { transformations, embedding, destination } = pipeline;
  const steps = isArray<Tree>(transformations) ? transformations : [];
  return (
    steps.every((step) => isOneOf(step, [...TRANSFORMATIONS, ...EMBEDDINGS])) &&
    (embedding === undefined || embedding === null || isOneOf(embedding, EMBEDDINGS)) &&
    isOneOf(destination, DESTINATIONS)
  );
}

/** What GET /api/data/pipeline/<kind> lists. */
export const LISTED_BLOCKS: Readonly<Record<string, readonly TreeObject[]>> = {
  sources: ["promptly/file", "promptly/text", "promptly/url"].map(listed),
  destinations: [
    "weaviate/vector-store",
    "singlestore/singlestore",
    "pinecone/vector-store",
    "promptly/pandas",
    "promptly/sqlite",
  ].map(listed),
  transformations: [...ADVERTISED_SPLITTERS.map((slug) => `llama-index/${slug}`), "unstructured/splitter"].map(listed),
  embeddings: EMBEDDINGS.map(listed),
};

function listed(id: string): TreeObject {
  const [provider = "", slug = ""] = id.split("/");
  return { slug, provider_slug: provider, schema: { type: "object", title: slug, properties: {} }, ui_schema: {} };
}

function isOneOf(block: Tree | undefined, known: readonly string[]): boolean {
  const id = idOf(block);
  return id !== undefined && known.includes(id);
}

function idOf(block: Tree | undefined): string | undefined {
  if (!isTreeObject(block)) return undefined;
  const { slug, provider_slug: provider } = block;
  return typeof slug === "string" && typeof provider === "string" ? `${provider}/${slug}` : undefined;
}
