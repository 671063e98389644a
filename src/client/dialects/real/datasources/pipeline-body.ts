import { SyncError } from "../../../../model/errors.ts";
import { isArray, isObject, type Json, type JsonObject, own } from "../../../../model/json.ts";
import { MARK_KEY, markToJson, type Mark } from "../../../../model/mark.ts";
import type { Draft } from "../../../client.ts";
import { assertStorable } from "../../../storable.ts";
import type { Era } from "../era.ts";
import { CUSTOM } from "../server-values.ts";
import { assertKnownBlocks, ROLES } from "./pipeline-blocks.ts";

/** The pipelines that a server has for its types, by slug of the type. */
export type PipelineTemplates = ReadonlyMap<string, JsonObject>;

/**
 * What POST /api/datasources takes from v0.2.1 on (llmstack-server.md 5.2). Throws SyncError `invalid_manifest` for a
 * type that the server does not have, and for blocks that it takes in and can never run, nor delete again.
 */
export function pipelineBody(draft: Draft, templates: PipelineTemplates, { pipelines }: Era): JsonObject {
  const template = templates.get(draft.type) ?? customTemplate(draft, templates);
  const stated = own(draft.document, "pipeline") ?? {};
  if (!isObject(stated)) throw unfit(draft, "its pipeline is not an object");
  const pipeline = withBlocks(template, stated);
  assertKnownBlocks(draft.name, pipeline, template);
  const body = {
    name: draft.name,
    type_slug: draft.type,
    pipeline: { ...pipeline, ...(pipelines === "shown" && { [MARK_KEY]: creationMark(draft.mark) }) },
  };
  assertStorable(body);
  return body;
}

/** What stays true of a mark that can never change. */
function creationMark({ v, set, key, nonce, protect, orphan, replaces }: Mark): JsonObject {
  return markToJson({
    v,
    set,
    key,
    nonce,
    ...(protect && { protect }),
    ...(orphan && { orphan }),
    ...(replaces !== undefined && { replaces }),
  });
}

/** The manifest's blocks over the server's own for the type; each with the settings that servers look for. */
function withBlocks(template: JsonObject, stated: JsonObject): JsonObject {
  const roles = [...new Set([...ROLES, ...Object.keys(stated)])].filter((role) => role !== MARK_KEY);
  return Object.fromEntries(
    roles.flatMap((role) => {
      const [base, wanted] = [own(template, role) ?? null, own(stated, role) ?? null];
      const block = wanted === null ? base : over(base, wanted);
      return block === null ? [] : [[role, withSettings(block)] as const];
    }),
  );
}

function over(base: Json, wanted: Json): Json {
  if (!isObject(base) || !isObject(wanted)) return wanted;
  const data = [own(base, "data"), own(wanted, "data")].filter((part): part is JsonObject => isObject(part));
  return { ...base, ...wanted, ...(data.length > 0 && { data: { ...data[0], ...data[1] } }) };
}

/** Without `data` a destination is refused with an error that says nothing (llmstack-server.md 5.2). */
function withSettings(block: Json): Json {
  if (isArray<Json>(block)) return block.map(withSettings);
  return isObject(block) ? { ...block, data: own(block, "data") ?? {} } : block;
}

function customTemplate(draft: Draft, templates: PipelineTemplates): JsonObject {
  if (draft.type !== CUSTOM)
    throw unfit(draft, `its type ${JSON.stringify(draft.type)} is none of ${listed(templates)}`);
  const pipeline = own(draft.document, "pipeline");
  if (isObject(pipeline) && isObject(own(pipeline, "destination"))) return {};
  throw unfit(draft, "a custom one needs a pipeline with a destination");
}

function listed(templates: PipelineTemplates): string {
  return [...templates.keys()].toSorted().join(", ");
}

function unfit({ name }: Draft, why: string): SyncError {
  return new SyncError("invalid_manifest", `datasource ${JSON.stringify(name)} cannot be made: ${why}`, {
    remedy: "Nothing was sent. Correct spec.type or spec.pipeline.",
  });
}
