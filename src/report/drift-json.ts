import type { Drift } from "../model/drift.ts";
import type { JsonObject } from "../model/json.ts";
import { driftView } from "./drift-view.ts";
import { changeToJson, fieldToJson, noteToJson, SCHEMA_VERSION, targetToJson } from "./json.ts";

/** Differences between live and manifests with their class, as one JSON document. */
export function driftToJson(drift: Drift): JsonObject {
  return {
    schemaVersion: SCHEMA_VERSION,
    kind: "Drift",
    target: targetToJson(drift.target),
    summary: driftView(drift).summary,
    changes: drift.changes.map((item) => ({
      ...changeToJson(item.change),
      class: item.class,
      fields: item.fields.map(({ field, class: of }) => Object.assign(fieldToJson(field), { class: of })),
    })),
    notes: drift.notes.map(noteToJson),
  };
}
