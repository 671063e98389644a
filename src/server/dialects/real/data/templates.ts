import type { Tree, TreeObject } from "../wire/tree.ts";

/** A block of a pipeline, with the data it starts with. */
export interface Block extends TreeObject {
  readonly slug: string;
  readonly provider_slug: string;
  readonly data: TreeObject;
}

/** What a type of datasource is made of (llmstack-server.md 5.3). External ones have no source. */
export interface PipelineTemplate {
  /** Its row in the fixture, where types are told by number (6.3). */
  readonly id: number;
  readonly slug: string;
  readonly name: string;
  readonly source: Block | null;
  readonly transformations: readonly Block[];
  readonly embedding: Block | null;
  readonly destination: Block;
}

const SPLITTER: Block = {
  slug: "splitter",
  provider_slug: "unstructured",
  data: { strategy: { max_characters: 1000, overlap: null, overlap_all: null, new_after_n_chars: null } },
};
const EMBEDDING: Block = { slug: "embeddings-generator", provider_slug: "promptly", data: {} };
const VECTOR_STORE: Block = { slug: "vector-store", provider_slug: "promptly", data: {} };

function internal(id: number, slug: string, name: string): PipelineTemplate {
  const source = { slug, provider_slug: "promptly", data: {} };
  return { id, slug, name, source, transformations: [SPLITTER], embedding: EMBEDDING, destination: VECTOR_STORE };
}

function external(id: number, name: string, destination: Block): PipelineTemplate {
  const slug = name.toLowerCase();
  return { id, slug, name, source: null, transformations: [], embedding: null, destination };
}

/** Ids as in the fixture of v0.0.31 to v0.1.4 (6.3). */
export const TEXT = internal(1, "text", "Text");
export const URL_TEMPLATE = internal(2, "url", "URL");
export const PDF = internal(3, "pdf", "PDF");
export const FILE = internal(4, "file", "File");
export const ARCHIVE = internal(7, "archive", "Archive");
export const WEAVIATE = external(5, "Weaviate", {
  slug: "vector-store",
  provider_slug: "weaviate",
  data: { index_name: "", text_key: "content", deployment_name: "*", weaviate_schema: "" },
});
export const SINGLESTORE = external(6, "SingleStore", {
  slug: "singlestore",
  provider_slug: "singlestore",
  data: { database: "", deployment_name: "*" },
});
export const POSTGRES = external(8, "Postgres", {
  slug: "postgres",
  provider_slug: "postgres",
  data: { database: "", host: "", port: 5432 },
});

/** A type as GET /api/datasource_types lists it; what its keys are tells releases apart (6.4). */
export function typeItem(create: "type" | "type_slug" | "pipeline", template: PipelineTemplate): TreeObject {
  const { id, slug, name, source } = template;
  const schema = schemaOf(slug);
  const isExternal = source === null;
  if (create === "type") {
    const about = { id, name, description: name, entry_config_schema: schema, entry_config_ui_schema: {} };
    return { ...about, sync_config: null, is_external_datasource: isExternal };
  }
  if (create === "pipeline") return { ...pipelineItem(template), sync_config: null };
  const about = { slug, name, description: name, input_schema: schema, input_ui_schema: {}, sync_config: null };
  const block = source === null ? {} : { slug, provider_slug: source.provider_slug, schema, ui_schema: {} };
  return { ...about, is_external_datasource: isExternal, source: block, transformation: [], destination: {} };
}

/** A template as GET /api/data/pipeline/templates lists it. */
export function pipelineItem({ id: _id, slug, name, ...pipeline }: PipelineTemplate): TreeObject {
  return { slug, name, description: name, pipeline, is_external_datasource: pipeline.source === null };
}

const FIELDS: Readonly<Record<string, readonly string[]>> = {
  text: ["name", "content"],
  url: ["urls"],
  file: ["file"],
  pdf: ["file"],
  archive: ["file"],
};

function schemaOf(slug: string): Tree {
  const names = FIELDS[slug] ?? [];
  const properties = Object.fromEntries(names.map((name) => [name, { title: name, type: "string" }]));
  return { type: "object", title: `${slug} source`, properties };
}
