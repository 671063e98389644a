import { aPipeline } from "../../../support/real-servers.ts";
import type { Row } from "../../../support/sweep.ts";

const FOREIGN = { versioned: "404 empty", rest: "404 detail" };
const PIPELINES = { versioned: "200 [block]", pipeline: "200 [block]", rest: "200 html" };
const ONLY_NEW = (answer: string, rest: string) => ({ versioned: answer, pipeline: answer, rest });

const made = (body: unknown, expected: Row[1]): Row => ["POST /api/datasources", expected, body];

/** Datasources, their types and entries, and what leaks (llmstack-server.md 0, 1.2, 5). */
export const DATA_ROWS: readonly Row[] = [
  ["GET /api/datasource_types", "200 [datasourceType]"],
  ["GET /api/datasource_types/text", { classic: "200 html", rest: "200 datasourceType" }],
  ["GET /api/datasource_types/none", { classic: "200 html", rest: "404 empty" }],
  ["GET /api/data/pipeline/templates", ONLY_NEW("200 [pipelineTemplate]", "200 html")],
  ["GET /api/data/pipeline/sources", PIPELINES],
  ["GET /api/data/pipeline/destinations", PIPELINES],
  ["GET /api/data/pipeline/transformations", PIPELINES],
  ["GET /api/data/pipeline/embeddings", PIPELINES],

  ["GET /api/datasources", "200 []"],
  ["GET /api/datasources/", "200 html"],
  ["DELETE /api/datasources", "500 html"],
  [
    "PATCH /api/datasources",
    { versioned: "500 html", "v0.2.5": "500 html", rest: "405 detail" },
    { refresh_interval: null },
  ],
  ["PUT /api/datasources", { "v0.1.4": "500 html", rest: "405 detail" }, {}],
  ["GET /api/datasources/SRC", "200 datasource"],
  ["GET /api/datasources/NONE", "404 detail"],
  ["GET /api/datasources/not-a-uuid", "500 html"],
  ["GET /api/datasources/HIS", FOREIGN],
  ["GET /api/datasources/HIS/entries", FOREIGN],
  [
    "PATCH /api/datasources/SRC",
    { versioned: "204 empty", "v0.2.5": "204 empty", rest: "405 detail" },
    { name: "new" },
  ],
  [
    "PATCH /api/datasources/SRC",
    { versioned: "204 empty", "v0.2.5": "204 empty", rest: "405 detail" },
    { refresh_interval: "Daily" },
  ],
  ["PATCH /api/datasources/HIS", { versioned: "403 empty", "v0.2.5": "404 detail", rest: "405 detail" }, {}],
  ["POST /api/datasources/SRC", "500 html", {}],
  ["DELETE /api/datasources/SRC", "204 empty"],
  ["DELETE /api/datasources/HIS", { versioned: "403 empty", rest: "404 detail" }],
  ["DELETE /api/datasources/NONE", "404 detail"],
  ["DELETE /api/datasources/not-a-uuid", "500 html"],
  ["GET /api/datasources/SRC/entries", "200 []"],
  ["POST /api/datasources/SRC/entries", "500 html", { entry_data: { name: "n", content: "c" } }],
  ["DELETE /api/datasources/SRC/entries", "204 empty"],
  ["DELETE /api/datasources/SRC/entries/ENT", "403 html"],
  ["GET /api/datasources/SRC/entries/ENT", "200 html"],
  ["DELETE /api/datasources/SRC/add_entry", "204 empty"],
  ["GET /api/datasources/SRC/add_entry", "200 datasource"],
  ["DELETE /api/datasources/SRC/add_entry_async", { "v0.0.25": "403 html", rest: "204 empty" }],
  ["POST /api/datasources/SRC/add_entry_async", { "v0.0.25": "403 html", classic: "500 html", rest: "202 job" }, {}],
  ["POST /api/datasources/NONE/add_entry_async", { "v0.0.25": "403 html", classic: "404 detail", rest: "202 job" }, {}],
  ["GET /api/datasources/SRC/add_entry_jobs", { "v0.0.25": "200 html", classic: "200 []", rest: "200 html" }],
  ["POST /api/datasources/SRC/resync_async", ONLY_NEW("202 job", "403 html")],
  ["POST /api/datasources/HIS/add_entry", { versioned: "403 empty", rest: "404 detail" }, {}],
  ["POST /api/datasources/NONE/add_entry", "404 detail", {}],
  ["POST /api/datasources/url/extract_urls", "200 urls", { url: "" }],

  made({}, "500 html"),
  made("[]", "500 html"),
  made({ name: "d", type: "text" }, "500 html"),
  made({ name: "d", type: 1 }, { classic: "201 datasource", rest: "500 html" }),
  made({ name: "d", type: 99 }, { classic: "404 detail", rest: "500 html" }),
  made({ name: "d", type_slug: "text" }, { slug: "201 datasource", rest: "500 html" }),
  made({ name: "d", type_slug: "none" }, { slug: "404 detail", rest: "500 html" }),
  made({ name: "d", type_slug: "text", pipeline: {} }, { slug: "201 datasource", rest: "500 html" }),
  made({ name: "d", type_slug: "text", pipeline: { destination: {} } }, { slug: "201 datasource", rest: "500 html" }),
  made(
    { name: "d", type_slug: "text", pipeline: { destination: { data: {} } } },
    { classic: "500 html", rest: "201 datasource" },
  ),
  made({ name: "d", type_slug: "text", pipeline: aPipeline() }, { classic: "500 html", rest: "201 datasource" }),
  made({ name: "d", type_slug: "none", pipeline: aPipeline() }, { slug: "404 detail", rest: "500 html" }),
  made(
    { name: "d", type_slug: "custom", pipeline: aPipeline() },
    { versioned: "201 datasource", "v0.2.5": "201 datasource", slug: "404 detail", rest: "500 html" },
  ),
  made(
    { name: "d", type_slug: "custom", pipeline: null },
    { versioned: "500 html", "v0.2.5": "500 html", slug: "404 detail", rest: "500 html" },
  ),
  made({ type_slug: "text", pipeline: aPipeline() }, "500 html"),
  made({ name: "x".repeat(101), type_slug: "text", type: 1, pipeline: aPipeline() }, "500 html"),
];
