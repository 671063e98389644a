import type { JsonObject } from "../model/json.ts";
import type { Plan } from "../model/plan.ts";
import { changeToJson, jsonLine, noteToJson, SCHEMA_VERSION, targetToJson } from "./json.ts";

/** The plan as a stream of lines, each a JSON object with `type` and `schemaVersion`; the last one is the summary. */
export function renderPlanNdjson(plan: Plan): string {
  const lines: readonly (readonly [type: string, value: JsonObject])[] = [
    ["target", targetToJson(plan.target)],
    ...plan.refusals.map(({ rule, detail, remedy }) => ["refusal", { rule, detail, remedy }] as const),
    ...plan.changes.map((change) => ["change", changeToJson(change)] as const),
    ...plan.notes.map((note) => ["note", noteToJson(note)] as const),
    ["summary", { counts: { ...plan.counts }, digest: plan.digest, isRefused: plan.refusals.length > 0 }],
  ];
  return lines.map(([type, value]) => `${jsonLine({ type, schemaVersion: SCHEMA_VERSION, ...value })}\n`).join("");
}
