import type { JsonObject } from "../../model/json.ts";
import { app } from "./app.ts";
import { documentSchema, outputSchema } from "./build-schema.ts";
import { datasource } from "./datasource.ts";
import { directiveDefinitions } from "./directives.ts";
import { gitSync } from "./git-sync.ts";
import { plan } from "./outputs/plan.ts";
import { problems } from "./outputs/problems.ts";
import { report } from "./outputs/report.ts";
import { project } from "./project.ts";
import { clusterServer, server } from "./server.ts";

/**
 * JSON Schemas (draft 2020-12) of whole documents, by kind: what editors read from schemas/ and manifests are checked
 * with, and of those that we write ourselves. An optional key of a manifest may be null everywhere. The parts are plain enough to become structural schemas of a cluster.
 */
export const schemas: {
  readonly App: JsonObject;
  readonly Datasource: JsonObject;
  readonly Server: JsonObject;
  readonly ClusterServer: JsonObject;
  readonly GitSync: JsonObject;
  readonly Project: JsonObject;
  readonly Plan: JsonObject;
  readonly Report: JsonObject;
  readonly Problems: JsonObject;
} = {
  App: documentSchema("App", app, directiveDefinitions),
  Datasource: documentSchema("Datasource", datasource, directiveDefinitions),
  Server: documentSchema("Server", server),
  ClusterServer: documentSchema("ClusterServer", clusterServer),
  GitSync: documentSchema("GitSync", gitSync),
  Project: documentSchema("Project", project),
  Plan: outputSchema("Plan", plan),
  Report: outputSchema("Report", report),
  Problems: outputSchema("Problems", problems),
};
