import { ApiError, SyncError } from "../../../model/errors.ts";
import type { KindSpec } from "../../../model/kind.ts";
import type { CompleteList, LiveResource } from "../../../model/live.ts";
import type { BrokenRow, Draft, ServerInfo, WantedOrphan } from "../../client.ts";
import { type Http, UnexpectedShape } from "../../http.ts";
import { objectPath } from "../../uuid.ts";
import { asked, objectOf, parseList } from "../../wire-values.ts";
import type { DialectClient } from "../dialect.ts";
import { deleteApp, findOrphanedApps } from "./apps/delete-app.ts";
import { findBrokenApps } from "./apps/find-broken.ts";
import { findDrafts } from "./apps/find-drafts.ts";
import { publishApp } from "./apps/publish.ts";
import { listApps, readApp } from "./apps/read-app.ts";
import { readVersions } from "./apps/versions.ts";
import { createApp, updateApp } from "./apps/write-app.ts";
import { readConnections } from "./connections.ts";
import { parseDatasourceOf } from "./datasources/parse-datasource.ts";
import { datasourceBody } from "./datasources/types.ts";
import { entryBody } from "./entries/entry-body.ts";
import { parseEntry } from "./entries/parse-entry.ts";
import type { Era } from "./era.ts";
import { makeCatalogue } from "./processors/catalogue.ts";
import { realRules } from "./rules.ts";
import { runApp } from "./run.ts";

/** How each kind goes over the wire. */
interface Mapping {
  list(signal: AbortSignal): Promise<CompleteList<LiveResource>>;
  get(uuid: string, signal: AbortSignal): Promise<LiveResource | undefined>;
  create(draft: Draft, signal: AbortSignal): Promise<LiveResource>;
  update(live: LiveResource, draft: Draft, signal: AbortSignal): Promise<LiveResource>;
  delete(uuid: string, signal: AbortSignal): Promise<"deleted" | "absent">;
  findOrphans(wanted: WantedOrphan, signal: AbortSignal): Promise<readonly string[]>;
  findBroken(signal: AbortSignal): Promise<readonly BrokenRow[]>;
}

/** A real LLMStack server of an era (llmstack-server.md; design, "Dialects"). */
export function realClient(http: Http, server: ServerInfo, era: Era): DialectClient {
  const catalogue = makeCatalogue(http);
  const mappings: Readonly<Record<string, Mapping>> = {
    App: apps(http, era),
    Datasource: datasources(http, server, era),
  };
  const mappingOf = ({ kind }: KindSpec): Mapping => {
    const mapping = Object.hasOwn(mappings, kind) ? mappings[kind] : undefined;
    if (mapping !== undefined) return mapping;
    throw new SyncError("internal", `dialect ${era.dialect} cannot speak about the kind ${kind}`);
  };
  return {
    server,
    rules: realRules(era, catalogue),
    list: async (kind, signal) => mappingOf(kind).list(signal),
    get: async (kind, uuid, signal) => mappingOf(kind).get(uuid, signal),
    create: async (kind, draft, signal) => mappingOf(kind).create(draft, signal),
    update: async (kind, live, draft, signal) => mappingOf(kind).update(live, draft, signal),
    delete: async (kind, uuid, signal) => mappingOf(kind).delete(uuid, signal),
    findOrphans: async (kind, wanted, signal) => mappingOf(kind).findOrphans(wanted, signal),
    findBroken: async (kind, signal) => mappingOf(kind).findBroken(signal),
    findDrafts: async (live, signal) => findDrafts(http, era, live, signal),
    ...entries(http, era),
    versions: async (uuid, signal) => readVersions(http, uuid, signal),
    publish: async (uuid, publish, signal) => publishApp(http, uuid, publish, signal),
    connections: async (signal) => readConnections(http, signal),
    catalogue: async (signal) => catalogue.load(signal),
    run: (uuid, request, signal) => runApp(http, era, { uuid, request }, signal),
  };
}

function apps(http: Http, era: Era): Mapping {
  return {
    list: (signal) => listApps(http, signal),
    get: (uuid, signal) => readApp(http, uuid, signal),
    create: (draft, signal) => createApp(http, era, draft, signal),
    update: (live, draft, signal) => updateApp(http, era, { live, draft }, signal),
    delete: (uuid, signal) => deleteApp(http, uuid, signal),
    findOrphans: (wanted, signal) => findOrphanedApps(http, wanted, signal),
    findBroken: (signal) => findBrokenApps(http, signal),
  };
}

const DATASOURCES = "/api/datasources";

function datasources(http: Http, { account = "" }: ServerInfo, era: Era): Mapping {
  const parse = parseDatasourceOf(account);
  const bodyOf = datasourceBody(http, era);
  return {
    list: (signal) => http.read(DATASOURCES, parseList(parse), signal).catch(explained),
    get: (uuid, signal) => http.readObject(objectPath(DATASOURCES, uuid), asked(uuid, parse), signal),
    create: async (draft, signal) => http.create(DATASOURCES, await bodyOf(draft, signal), parse, signal),
    update: (live) => Promise.reject(unchangeable(live, era)),
    delete: (uuid, signal) => http.delete(objectPath(DATASOURCES, uuid), signal),
    // What could leave a row behind is never sent (llmstack-server.md 5.2).
    findOrphans: () => Promise.resolve([]),
    // Their list cannot be asked for less, so that a broken one hides its uuid: the list's own error says so.
    findBroken: () => Promise.resolve([]),
  };
}

/** One row without a pipeline breaks this list, which cannot be asked for less (llmstack-server.md 5.2). */
function explained(error: unknown): never {
  if (!(error instanceof ApiError) || error.status !== 500) throw error;
  throw new ApiError(error.class, error.message, error.status, {
    cause: error,
    remedy:
      "Look at the server's log. A datasource that was made without a pipeline does this for good: remove its row from the server's database.",
  });
}

/** The one thing a PATCH changes there schedules the loss of every vector (llmstack-server.md 5.4). */
function unchangeable({ name, uuid }: LiveResource, { releases }: Era): SyncError {
  return new SyncError("internal", `datasource ${JSON.stringify(name)} (${uuid}) was to be changed in place`, {
    remedy: `Nothing was sent. This is a bug of llmstack-sync: ${releases} cannot change a datasource.`,
  });
}

const ENTRIES = "/api/datasource_entries";

function entries(http: Http, era: Era): Pick<DialectClient, "listEntries" | "createEntry" | "deleteEntry"> {
  return {
    listEntries: async (datasource, signal) =>
      http.read(`${objectPath(DATASOURCES, datasource)}/entries`, parseList(parseEntry), signal),
    // Never add_entry_async: its job cannot be asked about, and without a worker nothing ever happens (5.5).
    createEntry: async (datasource, draft, signal) => {
      await http.create(`${objectPath(DATASOURCES, datasource)}/add_entry`, entryBody(draft, era), accepted, signal);
    },
    // Not under the datasource: there a DELETE deletes the whole of it (0.2).
    deleteEntry: async (_datasource, entry, signal) => http.delete(objectPath(ENTRIES, entry), signal),
  };
}

function accepted(answer: Parameters<typeof objectOf>[0]): void {
  if (objectOf(answer)["success"] === false) throw new UnexpectedShape("it says that it did not succeed");
}
