import { isObject, type Json, type JsonObject, own } from "../model/json.ts";
import type { KindSpec, ReferencePlace } from "../model/kind.ts";
import { pointerSegments } from "../model/pointer.ts";
import { isSecretName } from "../model/secret-name.ts";
import { CONNECTION } from "../model/template.ts";

export const datasource: KindSpec = {
  kind: "Datasource",
  collection: "datasources",
  rank: 1,
  hasEntries: true,
  hasVersions: false,
  keyedLists: {},
  isSecretPath: (path) => {
    const [top, ...rest] = pointerSegments(path);
    return top === "pipeline" && rest.some(isSecretName);
  },
  referencePlaces: (document) => (connectionIn(document) === undefined ? [] : [DESTINATION]),
  references: (document) => {
    const id = connectionIn(document);
    return typeof id === "string" && UUID.test(id) ? [{ ...DESTINATION, uuid: id.toLowerCase() }] : [];
  },
};

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/iu;

/** A pipeline may end in somebody's own database (llmstack-server.md 4.6). */
const DESTINATION: ReferencePlace = {
  pointer: "/pipeline/destination/data/connection_id",
  kind: CONNECTION,
  form: "connection",
};

function connectionIn(document: JsonObject): Json | undefined {
  return pointerSegments(DESTINATION.pointer).reduce<Json | undefined>(
    (value, key) => (isObject(value) ? own(value, key) : undefined),
    document,
  );
}
