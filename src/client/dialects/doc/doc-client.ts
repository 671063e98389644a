import { SyncError } from "../../../model/errors.ts";
import type { Json, JsonObject } from "../../../model/json.ts";
import type { KindSpec } from "../../../model/kind.ts";
import type { LiveResource } from "../../../model/live.ts";
import type { Draft, ServerInfo } from "../../client.ts";
import type { Http } from "../../http.ts";
import { jsonBody, type RequestBody, textBody } from "../../request-body.ts";
import { type ObjectPath, objectPath } from "../../uuid.ts";
import type { DialectClient } from "../dialect.ts";
import { appDocument, appReplacement } from "./app-document.ts";
import { entryBody } from "./entry-body.ts";
import { docRules } from "./rules.ts";
import { runApp } from "./run.ts";
import { asked, parseList } from "../../wire-values.ts";
import { parseApp, parseDatasource, parseEntry } from "./wire.ts";
import { yamlText } from "./yaml-text.ts";

/** How each kind goes over the wire. */
interface Mapping {
  readonly collection: string;
  readonly parse: (answer: Json) => LiveResource;
  readonly created: (draft: Draft) => RequestBody;
  readonly updated: (live: LiveResource, draft: Draft) => RequestBody;
}

const apps: Mapping = {
  collection: "/api/apps",
  parse: parseApp,
  created: (draft) => yamlBody(appDocument(draft)),
  updated: (live, draft) => yamlBody(appReplacement(live, draft)),
};

const datasources: Mapping = {
  collection: "/api/datasources",
  parse: parseDatasource,
  created: ({ name, type }) => jsonBody({ name, type }),
  updated: (_, { name }) => jsonBody({ name }),
};

const MAPPINGS: Readonly<Record<string, Mapping>> = { App: apps, Datasource: datasources };

/** A server that speaks the documented API (documented-api.md; design, "Dialects"). */
export function docClient(http: Http, server: ServerInfo): DialectClient {
  return {
    server,
    rules: docRules,
    list: async (kind, signal) => {
      const { collection, parse } = mappingOf(kind);
      return http.read(collection, parseList(parse), signal);
    },
    get: async (kind, uuid, signal) => {
      const { collection, parse } = mappingOf(kind);
      return http.readObject(objectPath(collection, uuid), asked(uuid, parse), signal);
    },
    create: async (kind, draft, signal) => {
      const { collection, parse, created } = mappingOf(kind);
      return http.create(collection, created(draft), parse, signal);
    },
    update: async (kind, live, draft, signal) => {
      const { collection, parse, updated } = mappingOf(kind);
      const path = objectPath(collection, live.uuid);
      return http.update(path, updated(live, draft), asked(live.uuid, parse), signal);
    },
    delete: async (kind, uuid, signal) => http.delete(objectPath(mappingOf(kind).collection, uuid), signal),
    listEntries: async (datasource, signal) => http.read(entriesOf(datasource), parseList(parseEntry), signal),
    createEntry: async (datasource, draft, signal) => {
      await http.create(entriesOf(datasource), entryBody(draft), parseEntry, signal);
    },
    deleteEntry: async (datasource, entry, signal) => http.delete(objectPath(entriesOf(datasource), entry), signal),
    versions: () => unsupported("versions of apps"),
    publish: () => unsupported("publishing"),
    connections: () => unsupported("connections"),
    catalogue: () => Promise.resolve(new Map()),
    findOrphans: () => Promise.resolve([]),
    findBroken: () => Promise.resolve([]),
    findDrafts: () => Promise.resolve({ waiting: [], alone: [], unasked: 0 }),
    run: (app, request, signal) => runApp(http, app, request, signal),
  };
}

function unsupported(what: string): Promise<never> {
  return Promise.reject(
    new SyncError("unsupported_server", `The documented API (dialect doc) has no ${what}.`, {
      remedy: "Nothing was sent. Use a server that has it, or leave it out of the manifests.",
    }),
  );
}

function mappingOf({ kind }: KindSpec): Mapping {
  const mapping = Object.hasOwn(MAPPINGS, kind) ? MAPPINGS[kind] : undefined;
  if (mapping !== undefined) return mapping;
  throw new SyncError("internal", `dialect doc cannot speak about the kind ${kind}`);
}

function entriesOf(datasource: string): `${ObjectPath}/entries` {
  return `${objectPath(datasources.collection, datasource)}/entries`;
}

function yamlBody(document: JsonObject): RequestBody {
  return textBody("application/yaml", yamlText(document), document);
}
