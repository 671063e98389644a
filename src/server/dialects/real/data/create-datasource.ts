import { jsonText } from "../../../respond.ts";
import { crash, noSuch } from "../wire/answers.ts";
import { given, needed, toText } from "../wire/python.ts";
import { isStorable, isTreeObject, isTruthy, type Tree, type TreeObject, writeJsonb } from "../wire/tree.ts";
import type { RealCall } from "../wire/view.ts";
import { datasourceText, type DatasourceRow, insertDatasource } from "./datasource-row.ts";
import type { PipelineTemplate } from "./templates.ts";

const NAME_LIMIT = 100;

/** POST /api/datasources in the era's way (llmstack-server.md 5.2, 6.3). */
export async function createDatasource(call: RealCall): Promise<Response> {
  const body = await call.body();
  const { type, pipeline } = CREATE[call.era.data.create](call, body);
  if (!isStorable(pipeline)) throw crash();
  const now = call.stamp();
  const row: DatasourceRow = {
    uuid: call.uuid(),
    name: toText(given(body, "name") ?? null, NAME_LIMIT),
    owner: call.user().username,
    type_slug: type,
    visibility: 0,
    size: 0,
    pipeline: writeJsonb(pipeline),
    refresh_interval: null,
    created_at: now,
    updated_at: now,
  };
  insertDatasource(call, row);
  // A null pipeline is found out here: the row is there, and every list fails from now on.
  return jsonText(201, datasourceText(call, row));
}

interface Typed {
  readonly type: string | null;
  readonly pipeline: Tree;
}

const CREATE: Readonly<Record<RealCall["era"]["data"]["create"], (call: RealCall, body: TreeObject) => Typed>> = {
  type: byNumber,
  type_slug: bySlug,
  pipeline: byPipeline,
};

/** The number of a row; an external type needs a config (≤v0.1.4). */
function byNumber({ era }: RealCall, body: TreeObject): Typed {
  const type = needed(body, "type");
  if (typeof type !== "number" && !(typeof type === "string" && /^\d+$/u.test(type))) throw crash();
  const template = era.data.templates.find(({ id }) => id === Number(type));
  if (template === undefined) throw noSuch("DataSourceType");
  return { type: template.slug, pipeline: storedPipeline(template, externalConfig(template, body)) };
}

/** v0.1.5 to v0.2.0: what the destination and the transformations are made with is stored as it is. */
function bySlug({ era }: RealCall, body: TreeObject): Typed {
  const type = needed(body, "type_slug");
  const template = era.data.templates.find(({ slug }) => slug === type);
  if (template === undefined) throw noSuch("DataSourceType");
  return { type: template.slug, pipeline: storedPipeline(template, given(body, "destination_data") ?? {}) };
}

function externalConfig({ source }: PipelineTemplate, body: TreeObject): Tree {
  if (source !== null) return {};
  const config = needed(body, "config");
  if (!isTreeObject(config)) throw crash();
  return config;
}

/** Not served by these releases; entries find their source in it. */
function storedPipeline(template: PipelineTemplate, data: Tree): Tree {
  const { source, transformations, embedding, destination } = template;
  const block = (from: PipelineTemplate["source"]): Tree =>
    from && { slug: from.slug, provider_slug: from.provider_slug };
  return {
    source: block(source),
    transformations: transformations.map(block),
    embedding: block(embedding),
    destination: { slug: destination.slug, provider_slug: destination.provider_slug, data },
  };
}

/** v0.2.1+: the blocks of the body, rewritten where the type's template says so (5.2). */
function byPipeline({ era }: RealCall, body: TreeObject): Typed {
  const pipeline = given(body, "pipeline") ?? null;
  const type = given(body, "type_slug") ?? null;
  const template = era.data.templates.find(({ slug }) => slug === type);
  const isCustom = type === "custom" && era.data.custom === "kept";
  if (isTruthy(type) && !isCustom && template === undefined) throw crash();
  // Asked for with brackets in the end: not being there is another thing than being null.
  needed(body, "type_slug");
  return {
    type: type === null ? null : toText(type),
    pipeline: template === undefined ? pipeline : rewritten(pipeline, template),
  };
}

const STORE = { store_provider_slug: "weaviate", store_processor_slug: "vector-store", additional_kwargs: {} };

function rewritten(pipeline: Tree, { source, embedding, destination }: PipelineTemplate): Tree {
  if (!isTreeObject(pipeline)) throw crash();
  const { source: sentSource, embedding: _replaced, ...rest } = pipeline;
  const blocks = {
    ...rest,
    ...(source !== null && sentSource !== undefined && { source: sentSource }),
    ...(embedding !== null && { embedding: { ...embedding, data: { embedding_provider_slug: "openai" } } }),
  };
  if (destination.provider_slug !== "promptly") return blocks;
  const sent = pipeline["destination"];
  const data = isTreeObject(sent) ? sent["data"] : undefined;
  if (!isTreeObject(sent) || !isTreeObject(data)) throw crash();
  return { ...blocks, destination: { ...sent, data: { ...data, ...STORE } } };
}
