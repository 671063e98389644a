import type { JsonObject } from "../../../model/json.ts";
import { empty, jsonList, jsonText } from "../../respond.ts";
import type { Call, Route } from "../../route.ts";
import { anyObject, anyText, objectList, pickFields, text } from "./fields.ts";
import { asObject, findRow, readRow, textAt } from "./find.ts";
import { answer, JSON_OR_YAML, NO_CONTENT, NOT_FOUND, REFUSED, WRITE_REFUSED } from "./documented.ts";

const APPS = "apps";

/** What a definition is made of; anything else in a body is ignored (llmstack-server.md 2.3). */
const DEFINITION = {
  name: { check: text(1, 100), presence: "required" },
  type_slug: { check: text(1, 100), presence: "required" },
  description: { check: anyText, presence: "optional" },
  icon: { check: anyText, presence: "optional" },
  config: { check: anyObject, presence: "optional" },
  input_fields: { check: objectList, presence: "optional" },
  output_template: { check: anyObject, presence: "optional" },
  processors: { check: objectList, presence: "optional" },
  web_config: { check: anyObject, presence: "optional" },
  slack_config: { check: anyObject, presence: "optional" },
  discord_config: { check: anyObject, presence: "optional" },
  twilio_config: { check: anyObject, presence: "optional" },
} as const;

export const appRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/api/apps",
    operation: "listApps",
    summary: "Lists all apps, the newest first.",
    access: "token",
    answers: [answer(200, "Every app.", { type: "array", items: { $ref: "#/components/schemas/App" } }), REFUSED],
    answer: ({ store }) => jsonText(200, jsonList(store.list(APPS, "").toReversed())),
  },
  {
    method: "POST",
    path: "/api/apps",
    operation: "createApp",
    summary: "Creates an app from its definition.",
    access: "token",
    body: { schema: "AppDefinition", consumes: JSON_OR_YAML },
    answers: [answer(201, "The app.", "App"), ...WRITE_REFUSED],
    answer: createApp,
  },
  {
    method: "GET",
    path: "/api/apps/{uuid}",
    operation: "getApp",
    summary: "One app.",
    access: "token",
    answers: [answer(200, "The app.", "App"), REFUSED, NOT_FOUND],
    answer: (call) => jsonText(200, findRow(call, APPS).text),
  },
  {
    method: "PATCH",
    path: "/api/apps/{uuid}",
    operation: "updateApp",
    summary: "Replaces the keys of the definition that are given, empty ones and nulls included.",
    access: "token",
    body: { schema: "AppChange", consumes: JSON_OR_YAML },
    answers: [answer(200, "The app as it is now.", "App"), ...WRITE_REFUSED, NOT_FOUND],
    answer: updateApp,
  },
  {
    method: "DELETE",
    path: "/api/apps/{uuid}",
    operation: "deleteApp",
    summary: "Deletes an app and its sessions.",
    access: "token",
    answers: [NO_CONTENT, REFUSED, NOT_FOUND],
    answer: (call) => {
      call.store.delete(APPS, findRow(call, APPS).id);
      return empty(204);
    },
  },
];

/** The definition of the app that the path names; throws Refusal `not-found`. */
export function findDefinition(call: Call): { readonly uuid: string; readonly definition: JsonObject } {
  const row = findRow(call, APPS);
  return { uuid: row.id, definition: asObject(readRow(row)["data"]) };
}

function createApp(call: Call): Response {
  const data = pickFields(call.body, DEFINITION, "refused");
  const uuid = call.uuid();
  const now = call.stamp();
  const app = appText({ uuid, data, createdAt: now, updatedAt: now });
  call.store.insert({ collection: APPS, id: uuid, parent: "", text: app });
  return jsonText(201, app);
}

function updateApp(call: Call): Response {
  const row = findRow(call, APPS);
  const change = pickFields(call.body, DEFINITION, "accepted");
  const before = readRow(row);
  const data = { ...asObject(before["data"]), ...change };
  const app = appText({ uuid: row.id, data, createdAt: textAt(before, "created_at"), updatedAt: call.stamp() });
  call.store.replace(APPS, row.id, app);
  return jsonText(200, app);
}

interface StoredApp {
  readonly uuid: string;
  readonly data: JsonObject;
  readonly createdAt: string;
  readonly updatedAt: string;
}

function appText({ uuid, data, createdAt, updatedAt }: StoredApp): string {
  const { name = null, type_slug = null } = data;
  return JSON.stringify({ uuid, name, type_slug, data, created_at: createdAt, last_updated_at: updatedAt });
}
