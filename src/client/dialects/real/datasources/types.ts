import { SyncError } from "../../../../model/errors.ts";
import { isArray, isObject, type Json, type JsonObject, own } from "../../../../model/json.ts";
import type { Draft } from "../../../client.ts";
import { type Http, UnexpectedShape } from "../../../http.ts";
import { jsonBody, type RequestBody } from "../../../request-body.ts";
import { assertStorable } from "../../../storable.ts";
import type { Era } from "../era.ts";
import { pipelineBody, type PipelineTemplates } from "./pipeline-body.ts";

/** What POST /api/datasources takes in this era; asks the server once for the types it has. */
export type DatasourceBody = (draft: Draft, signal: AbortSignal) => Promise<RequestBody>;

export function datasourceBody(http: Http, era: Era): DatasourceBody {
  if (era.datasource === "pipeline") {
    const templates = asked(http, TEMPLATES, parseTemplates);
    return async (draft, signal) => jsonBody(pipelineBody(draft, await templates(signal), era));
  }
  const types = asked(http, TYPES, parseTypes);
  return async (draft, signal) => {
    const body = { name: draft.name, ...typeOf(draft, await types(signal), era) };
    assertStorable(body);
    return jsonBody(body);
  };
}

const TEMPLATES = "/api/data/pipeline/templates";
const TYPES = "/api/datasource_types";

/** Asked for when first needed; what failed is asked for again. */
function asked<T>(http: Http, path: string, parse: (answer: Json) => T): (signal: AbortSignal) => Promise<T> {
  let known: T | undefined;
  return async (signal) => (known ??= await http.read(path, parse, signal));
}

function parseTemplates(answer: Json): PipelineTemplates {
  if (!isArray<Json>(answer)) throw new UnexpectedShape("it is no list");
  return new Map(
    answer.flatMap((item) => {
      const { slug, pipeline } = isObject(item) ? item : {};
      return typeof slug === "string" && isObject(pipeline) ? [[slug, pipeline] as const] : [];
    }),
  );
}

/** A type as the server lists it (llmstack-server.md 6.3). */
type TypeRow = { readonly [key: string]: Json };

function parseTypes(answer: Json): readonly TypeRow[] {
  if (!isArray<Json>(answer)) throw new UnexpectedShape("it is no list");
  return answer.filter((item): item is JsonObject => isObject(item));
}

/** How a new datasource names its type: by a number whose meaning differs per server, or by a slug (6.3). */
function typeOf(draft: Draft, types: readonly TypeRow[], { datasource, releases }: Era): JsonObject {
  const row = types.find((type) => slugOf(type) === draft.type.toLowerCase());
  if (row === undefined) throw unfit(draft, `its type is none of ${types.map(slugOf).join(", ")}`);
  if (row["is_external_datasource"] === true) {
    throw unfit(draft, `${releases} need settings for this type, which only later servers take from a manifest`);
  }
  if (datasource === "type-id") return { type: own(row, "id") ?? null };
  const isSplit = "destination" in row || "transformation" in row || "source" in row;
  return { type_slug: draft.type, ...(isSplit ? { destination_data: {}, transformation_data: {} } : { config: {} }) };
}

function slugOf({ slug, name }: TypeRow): string {
  if (typeof slug === "string") return slug.toLowerCase();
  return typeof name === "string" ? name.toLowerCase() : "";
}

function unfit({ name, type }: Draft, why: string): SyncError {
  return new SyncError(
    "invalid_manifest",
    `datasource ${JSON.stringify(name)} (${type}) cannot be made on this server: ${why}`,
    {
      remedy: "Nothing was sent. Use another type, or make it by hand: one of that name and type is then taken for it.",
    },
  );
}
