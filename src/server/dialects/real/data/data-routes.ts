import type { Era } from "../era.ts";
import { bare, ok } from "../wire/answers.ts";
import { FORM_TYPE, JSON_TYPE, MULTIPART_TYPE } from "../wire/read-tree.ts";
import type { Action, RealRoute, View } from "../wire/view.ts";
import { addEntries, addEntriesLater } from "./add-entry.ts";
import { LISTED_BLOCKS } from "./blocks.ts";
import { createDatasource } from "./create-datasource.ts";
import {
  extractUrls,
  getDatasources,
  getEntries,
  getEntry,
  getOrganizationDatasources,
  getTextContent,
  putDatasource,
  refreshDatasource,
  removeDatasource,
  removeEntry,
  resyncEntry,
  resyncLater,
  upsertEntry,
} from "./data-views.ts";
import { pipelineItem, typeItem } from "./templates.ts";

/** Not application/yaml: only apps take that (llmstack-server.md 5.1). */
const PARSES = [JSON_TYPE, FORM_TYPE, MULTIPART_TYPE];

const of = (answer: Action["answer"]): Action => ({ needs: ["uid"], answer });

export function dataRoutes(era: Era): readonly RealRoute[] {
  return [...typeRoutes(era), ...pipelineRoutes(era), ...datasourceRoutes(era), ...entryRoutes(era)];
}

/** DELETE on any of these deletes the datasource, `…/entries` included (llmstack-server.md 0, 2). */
function datasourceRoutes(era: Era): readonly RealRoute[] {
  const { put } = era.routes;
  const stray = put === "stray" ? { PUT: of(putDatasource) } : {};
  const view: View = {
    name: "Data Source",
    parses: PARSES,
    fields: era.data.keys,
    methods: {
      GET: { takes: ["uid"], answer: getDatasources },
      POST: { answer: createDatasource },
      ...(era.data.refresh === "kept" && { PATCH: of(refreshDatasource) }),
      DELETE: of(removeDatasource),
      ...stray,
    },
  };
  const route = (path: string, actions: RealRoute["actions"]): RealRoute => ({
    path,
    view,
    actions,
    ...(put === "stray" && { describe: "fails" }),
  });
  const isPipeline = era.routes.pipeline === "served";
  return [
    route("/api/datasources", { GET: { answer: getDatasources }, POST: { answer: createDatasource }, ...stray }),
    route("/api/datasources/url/extract_urls", { POST: { answer: extractUrls } }),
    route("/api/datasources/<uid>", { GET: of(getDatasources) }),
    route("/api/datasources/<uid>/entries", { GET: of(getEntries) }),
    route("/api/datasources/<uid>/add_entry", { POST: of(addEntries) }),
    ...(era.routes.later === "none"
      ? []
      : [route("/api/datasources/<uid>/add_entry_async", { POST: of(addEntriesLater) })]),
    // What is added later is there at once, so that no job is ever left.
    ...(era.routes.later === "with-jobs"
      ? [route("/api/datasources/<uid>/add_entry_jobs", { GET: of(() => ok([])) })]
      : []),
    ...(isPipeline ? [route("/api/datasources/<uid>/resync_async", { POST: of(resyncLater) })] : []),
    route("/api/org/datasources", { GET: { answer: getOrganizationDatasources } }),
  ];
}

function entryRoutes(era: Era): readonly RealRoute[] {
  const view: View = {
    name: "Data Source Entry",
    parses: PARSES,
    fields: ["uuid", "datasource", "config", "name", "size", "status", "created_at", "updated_at"],
    methods: { GET: { takes: ["uid"], answer: getEntry }, DELETE: of(removeEntry) },
  };
  const route = (path: string, actions: RealRoute["actions"]): RealRoute => ({ path, view, actions });
  return [
    route("/api/datasource_entries", { GET: { answer: getEntry } }),
    ...(era.routes.upsert === "none" ? [] : [upsertRoute(era, route)]),
    route("/api/datasource_entries/<uid>", { GET: of(getEntry) }),
    route("/api/datasource_entries/<uid>/text_content", { GET: of(getTextContent) }),
    route("/api/datasource_entries/<uid>/resync", { POST: of(resyncEntry) }),
    ...(era.routes.pipeline === "served"
      ? [route("/api/datasource_entries/<uid>/resync_async", { POST: of(resyncLater) })]
      : []),
  ];
}

function upsertRoute({ routes }: Era, route: (path: string, actions: RealRoute["actions"]) => RealRoute): RealRoute {
  const upsert = route("/api/datasource_entries/upsert", { POST: { answer: upsertEntry } });
  return routes.upsert === "gone" ? { ...upsert, handler: "gone" } : upsert;
}

function typeRoutes({ data }: Era): readonly RealRoute[] {
  const items = data.templates.map((template) => typeItem(data.create, template));
  const list: Action = { answer: () => ok(items) };
  const get: Action = {
    needs: ["slug"],
    answer: ({ parameter }) => {
      const found = items.find(({ slug }) => slug === parameter("slug"));
      return found === undefined ? bare(404) : ok(found);
    },
  };
  const view: View = { name: "Data Source Type", parses: PARSES, methods: {} };
  return [
    { path: "/api/datasource_types", view, actions: { GET: list } },
    ...(data.create === "type" ? [] : [{ path: "/api/datasource_types/<slug>", view, actions: { GET: get } }]),
  ];
}

function pipelineRoutes({ data, routes }: Era): readonly RealRoute[] {
  if (routes.pipeline === "none") return [];
  const view: View = { name: "Pipeline", parses: PARSES, methods: {} };
  const templates = data.templates.map(pipelineItem);
  const lists = Object.entries({ ...LISTED_BLOCKS, templates });
  return lists.map(([kind, items]) => ({
    path: `/api/data/pipeline/${kind}`,
    view,
    actions: { GET: { answer: () => ok(items) } },
  }));
}
