import { app } from "../../src/kinds/schemas/app.ts";
import { datasource } from "../../src/kinds/schemas/datasource.ts";
import { gitSync } from "../../src/kinds/schemas/git-sync.ts";
import { clusterServer, server } from "../../src/kinds/schemas/server.ts";
import { resourceStatus } from "../../src/kinds/schemas/status.ts";
import type { JsonObject } from "../../src/model/json.ts";
import * as rules from "./rules.ts";

/** A column of `kubectl get`. */
export type Column = {
  readonly name: string;
  readonly type: "string" | "integer" | "date";
  readonly jsonPath: string;
  readonly description: string;
  /** 1: only with -o wide. */
  readonly priority?: 1;
};

/** A kind of resource as a cluster serves it. */
export interface CustomResource {
  readonly kind: string;
  /** The whole document, before nulls are allowed in it. */
  readonly schema: JsonObject;
  readonly plural: string;
  readonly shortName: string;
  readonly scope: "Namespaced" | "Cluster";
  readonly columns: readonly Column[];
  /** In place of what the schema for editors says of status. */
  readonly status?: JsonObject;
  /** Keywords added at a place, which is written as property names with dots; items of a list as []. */
  readonly more: Readonly<Record<string, JsonObject>>;
  /** Maps whose other properties are LLMStack's business: only these are said to the cluster. */
  readonly open?: Readonly<Record<string, readonly string[]>>;
}

const ready: Column = {
  name: "Ready",
  type: "string",
  jsonPath: '.status.conditions[?(@.type=="Ready")].status',
  description: "Whether it is as it should be.",
};

const reason: Column = {
  name: "Reason",
  type: "string",
  jsonPath: '.status.conditions[?(@.type=="Ready")].reason',
  description: "Why it is, or is not.",
};

const onServer: Column = {
  name: "Server",
  type: "string",
  jsonPath: ".status.server.name",
  description: "The Server or ClusterServer that it is on.",
};

const uuid: Column = {
  name: "UUID",
  type: "string",
  jsonPath: ".status.uuid",
  description: "The uuid of the live object.",
};

const drift: Column = {
  name: "Drift",
  type: "string",
  jsonPath: '.status.conditions[?(@.type=="Drifted")].status',
  description: "Whether somebody changed the live object by hand.",
};

const age: Column = {
  name: "Age",
  type: "date",
  jsonPath: ".metadata.creationTimestamp",
  description: "How old this resource is.",
};

const message: Column = {
  name: "Message",
  type: "string",
  jsonPath: '.status.conditions[?(@.type=="Ready")].message',
  description: "More about it.",
  priority: 1,
};

const field = (name: string, jsonPath: string, description: string): Column => ({
  name,
  type: "string",
  jsonPath,
  description,
});

const serverColumns: readonly Column[] = [
  ready,
  reason,
  field("URL", ".spec.url", "The address of the server."),
  field("Dialect", ".status.dialect", "The dialect of its API."),
  field("Account", ".status.account", "The account that the token belongs to."),
  { name: "Users", type: "integer", jsonPath: ".status.users", description: "How many resources are on it." },
  age,
  message,
];

const conditionsByType: JsonObject = {
  "status.conditions": { "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["type"] },
};

/** Every kind that a cluster serves. */
export const customResources: readonly CustomResource[] = [
  {
    kind: "App",
    schema: app,
    plural: "apps",
    shortName: "llmapp",
    scope: "Namespaced",
    columns: [ready, reason, onServer, uuid, drift, age, message],
    status: resourceStatus,
    more: { "": rules.resource, ...conditionsByType },
    open: { "spec.definition": ["name", "type_slug"] },
  },
  {
    kind: "Datasource",
    schema: datasource,
    plural: "datasources",
    shortName: "llmds",
    scope: "Namespaced",
    columns: [ready, reason, onServer, uuid, drift, age, message],
    status: resourceStatus,
    more: { "": rules.resource, spec: rules.datasourceSpec, "spec.entries": rules.entries, ...conditionsByType },
  },
  {
    kind: "Server",
    schema: server,
    plural: "servers",
    shortName: "llmserver",
    scope: "Namespaced",
    columns: serverColumns,
    more: { spec: rules.fixedSet, ...conditionsByType },
  },
  {
    kind: "ClusterServer",
    schema: clusterServer,
    plural: "clusterservers",
    shortName: "llmclusterserver",
    scope: "Cluster",
    columns: serverColumns,
    more: { spec: rules.fixedSet, ...conditionsByType },
  },
  {
    kind: "GitSync",
    schema: gitSync,
    plural: "gitsyncs",
    shortName: "llmgit",
    scope: "Namespaced",
    columns: [
      ready,
      reason,
      onServer,
      field("Revision", ".status.lastAppliedRevision", "The revision that is live."),
      drift,
      age,
      message,
    ],
    more: { spec: rules.fixedSet, ...conditionsByType },
  },
];
