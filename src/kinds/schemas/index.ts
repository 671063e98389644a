import type { JsonObject } from "../../model/json.ts";
import { app } from "./app.ts";
import { documentSchema } from "./build-schema.ts";
import { datasource } from "./datasource.ts";
import { directiveDefinitions } from "./directives.ts";
import { project } from "./project.ts";

/**
 * JSON Schemas (draft 2020-12) of whole documents, by kind: what editors read from schemas/ and manifests are checked
 * with. An optional key may be null everywhere. The parts are plain enough to become structural schemas of a cluster.
 */
export const schemas: {
  readonly App: JsonObject;
  readonly Datasource: JsonObject;
  readonly Project: JsonObject;
} = {
  App: documentSchema("App", app, directiveDefinitions),
  Datasource: documentSchema("Datasource", datasource, directiveDefinitions),
  Project: documentSchema("Project", project),
};
