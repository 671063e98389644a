import type { JsonObject } from "../../src/model/json.ts";
import type { FieldDiff } from "../../src/model/plan.ts";
import type { TemplateObject } from "../../src/model/template.ts";
import { aDatasource, anApp, liveFrom, planOf, remarked, uuid } from "./plan-builders.ts";

/** Fields of the app whose manifest and live document hold these keys beside name and type. */
export function fieldsOf(
  desired: TemplateObject,
  live: JsonObject,
  kept?: Readonly<Record<string, readonly [string, string]>>,
): readonly FieldDiff[] {
  const docs = aDatasource("docs");
  const app = anApp("bot", { document: desired });
  const object = liveFrom(anApp("bot"), uuid(1), {
    document: { name: app.name, type_slug: app.type, ...live },
  });
  const change = planOf({
    desired: [app, docs],
    live: [kept === undefined ? object : remarked(object, { kept }), liveFrom(docs, uuid(7))],
  }).changes.find(({ key }) => key === app.key);
  return (change?.fields ?? []).filter(({ pointer }) => !pointer.startsWith("/x-llmstack-sync"));
}
