import type { JsonObject } from "../../model/json.ts";
import { app } from "./app.ts";
import { documentSchema } from "./build-schema.ts";
import { datasource } from "./datasource.ts";

/**
 * JSON Schemas (draft 2020-12) of whole documents, by kind: what editors read from schemas/ and manifests are checked
 * with. An optional key may be null everywhere. The parts are plain enough to become structural schemas of a cluster.
 */
export const schemas: {
  readonly App: JsonObject;
  readonly Datasource: JsonObject;
} = {
  App: documentSchema("App", app),
  Datasource: documentSchema("Datasource", datasource),
};
