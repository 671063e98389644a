import { own } from "../../../model/json.ts";
import { invalid } from "../../refusal.ts";
import { empty, jsonList, jsonText } from "../../respond.ts";
import type { Call, Route } from "../../route.ts";
import { answer, JSON_ONLY, NO_CONTENT, NOT_FOUND, REFUSED, WRITE_REFUSED } from "./documented.ts";
import { choice, pickFields, text } from "./fields.ts";
import { findRow, readRow } from "./find.ts";

export const DATASOURCES = "datasources";

/** Each type of datasource, with what its entries are made of. */
export const ENTRY_BODY_OF_TYPE: Readonly<Record<string, "content" | "url" | "file">> = {
  text: "content",
  url: "url",
  file: "file",
  pdf: "file",
  csv: "file",
  archive: "file",
};

const NAME = { check: text(1, 100), presence: "required" } as const;
const TYPE = { check: choice(Object.keys(ENTRY_BODY_OF_TYPE)), presence: "required" } as const;

export const datasourceRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/api/datasources",
    operation: "listDatasources",
    summary: "Lists all datasources, the newest first.",
    access: "token",
    answers: [
      answer(200, "Every datasource.", { type: "array", items: { $ref: "#/components/schemas/Datasource" } }),
      REFUSED,
    ],
    answer: ({ store }) => jsonText(200, jsonList(store.list(DATASOURCES, "").toReversed())),
  },
  {
    method: "POST",
    path: "/api/datasources",
    operation: "createDatasource",
    summary: "Creates a datasource without entries.",
    access: "token",
    body: { schema: "NewDatasource", consumes: JSON_ONLY },
    answers: [answer(201, "The datasource.", "Datasource"), ...WRITE_REFUSED],
    answer: createDatasource,
  },
  {
    method: "GET",
    path: "/api/datasources/{uuid}",
    operation: "getDatasource",
    summary: "One datasource.",
    access: "token",
    answers: [answer(200, "The datasource.", "Datasource"), REFUSED, NOT_FOUND],
    answer: (call) => jsonText(200, findRow(call, DATASOURCES).text),
  },
  {
    method: "PATCH",
    path: "/api/datasources/{uuid}",
    operation: "updateDatasource",
    summary: "Renames a datasource; its type is fixed.",
    access: "token",
    body: { schema: "DatasourceChange", consumes: JSON_ONLY },
    answers: [answer(200, "The datasource as it is now.", "Datasource"), ...WRITE_REFUSED, NOT_FOUND],
    answer: updateDatasource,
  },
  {
    method: "DELETE",
    path: "/api/datasources/{uuid}",
    operation: "deleteDatasource",
    summary: "Deletes a datasource and its entries.",
    access: "token",
    answers: [NO_CONTENT, REFUSED, NOT_FOUND],
    answer: (call) => {
      call.store.delete(DATASOURCES, findRow(call, DATASOURCES).id);
      return empty(204);
    },
  },
];

function createDatasource(call: Call): Response {
  const { name = null, type = null } = pickFields(call.body, { name: NAME, type: TYPE }, "refused");
  const uuid = call.uuid();
  const now = call.stamp();
  const datasource = JSON.stringify({ uuid, name, type, created_at: now, updated_at: now });
  call.store.insert({ collection: DATASOURCES, id: uuid, parent: "", text: datasource });
  return jsonText(201, datasource);
}

function updateDatasource(call: Call): Response {
  const row = findRow(call, DATASOURCES);
  const before = readRow(row);
  const change = pickFields(call.body, { name: NAME }, "accepted");
  const type = own(call.body, "type") ?? before["type"];
  if (type !== before["type"]) throw invalid({ type: ["The type of a datasource cannot be changed."] });
  const datasource = JSON.stringify({ ...before, ...change, updated_at: call.stamp() });
  call.store.replace(DATASOURCES, row.id, datasource);
  return jsonText(200, datasource);
}
