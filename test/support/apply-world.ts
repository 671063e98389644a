import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { apply, type ApplyEvent, type ApplySetup } from "../../src/apply/apply.ts";
import type { Patience } from "../../src/apply/patience.ts";
import type { Client } from "../../src/client/client.ts";
import { connect } from "../../src/client/connect.ts";
import { kinds } from "../../src/kinds/index.ts";
import { entryDigest } from "../../src/model/entry-digest.ts";
import { isObject, type JsonObject } from "../../src/model/json.ts";
import type { KindSpec } from "../../src/model/kind.ts";
import type { CompleteList, LiveEntry, LiveResource } from "../../src/model/live.ts";
import type { Outcome, Report } from "../../src/model/outcome.ts";
import type { Plan, Policy } from "../../src/model/plan.ts";
import {
  type DesiredEntry,
  type FileBody,
  type Resource,
  type ResourceKey,
  resourceKey,
} from "../../src/model/resource.ts";
import { Reference, symbolicObject, type Template, type TemplateObject } from "../../src/model/template.ts";
import { makePlan } from "../../src/plan/make-plan.ts";
import { readsNeeded } from "../../src/plan/reads-needed.ts";
import { createServer, type ReferenceServer } from "../../src/server/create-server.ts";
import { parseFault } from "../../src/server/faults/parse-fault.ts";
import { type Answer, apiOf, TOKEN } from "./server-requests.ts";

/** A server that outlives its process, as often as a test starts it: the same data, other faults each time. */
export interface World {
  /** Starts the server anew. Faults are as `serve --fault` takes them. */
  start(...faults: readonly string[]): Promise<Site>;
}

export interface Site {
  readonly server: ReferenceServer;
  readonly client: Client;
  /** Called with every request before it reaches the server; may wait, and may break the connection by throwing. */
  intercept(hook: (request: Request) => Promise<void> | void): void;
  /** Makes it a server that stores something else than it is sent: the text of every body the client sends is changed. */
  rewrite(change: (text: string) => string): void;
  plan(resources: readonly Resource[], policy?: Partial<Policy>): Promise<Plan>;
  apply(plan: Plan, setup?: Partial<ApplySetup>): Promise<Report>;
  /** Plans and applies. */
  sync(resources: readonly Resource[], policy?: Partial<Policy>): Promise<Report>;
  apps(): Promise<readonly LiveResource[]>;
  datasources(): Promise<readonly LiveResource[]>;
  entries(datasource: string): Promise<readonly LiveEntry[]>;
  /** As a person does it in the editor: without a mark. Gives the uuid. */
  createByHand(resource: Resource): Promise<string>;
  /** As a person does it in the editor: replaces these keys of an app. */
  editByHand(uuid: string, keys: JsonObject): Promise<void>;
  deleteByHand(path: string): Promise<void>;
  /** As the editor's "duplicate" does it: with the mark. */
  copyByHand(uuid: string): Promise<void>;
  addEntryByHand(datasource: string, name: string): Promise<void>;
  /** `POST /api/apps` and so on, uuids as `*`, since the last call. */
  requests(): readonly string[];
}

const NEVER = new AbortController().signal;

/** Short enough for a test, long enough for a server in the same process. */
export const HASTE: Partial<Patience> = { lookForMs: 300, firstPauseMs: 5, longestPauseMs: 40, graceMs: 300 };

const [datasourceKind, appKind] = kinds as readonly [KindSpec, KindSpec];

export async function createWorld(): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), "llmstack-apply-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return { start: (...faults) => startSite(join(folder, "server.sqlite"), faults) };
}

async function startSite(data: string, faults: readonly string[]): Promise<Site> {
  const server = createServer({ dialect: "doc", token: TOKEN, data, faults: faults.map(parseFault) });
  onTestFinished(() => server.close());
  let hook: (request: Request) => Promise<void> | void = () => undefined;
  let rewrite: ((text: string) => string) | undefined;
  const client = await connect(
    {
      url: "http://llmstack.test",
      token: TOKEN,
      dialect: "doc",
      timeoutMs: 5_000,
      retryBudgetMs: 200,
      transport: async (request) => {
        await hook(request);
        return server.handle(rewrite === undefined ? request : await rewritten(request, rewrite));
      },
    },
    NEVER,
  );
  const send = async (method: string, path: string, body?: unknown): Promise<Answer> => {
    const answer = await apiOf(server).send(method, path, body);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
    return answer;
  };
  let seen = 0;
  const site: Site = {
    server,
    client,
    intercept: (next) => {
      hook = next;
    },
    rewrite: (change) => {
      rewrite = change;
    },
    plan: (resources, policy) => planFor(client, resources, policy),
    apply: (plan, setup) => apply(plan, { ...setupFor(client), ...setup }),
    sync: async (resources, policy) => site.apply(await site.plan(resources, policy)),
    apps: async () => (await client.list(appKind, NEVER)).items,
    datasources: async () => (await client.list(datasourceKind, NEVER)).items,
    entries: async (uuid) => (await client.listEntries(uuid, NEVER)).items,
    createByHand: async ({ kind, name, type, document }) => {
      const body = kind === "App" ? symbolicObject(document) : { name, type };
      const { uuid } = await send("POST", kind === "App" ? "/api/apps" : "/api/datasources", body);
      return uuid;
    },
    editByHand: async (uuid, keys) => {
      await send("PATCH", `/api/apps/${uuid}`, keys);
    },
    deleteByHand: async (path) => {
      await send("DELETE", path);
    },
    copyByHand: async (uuid) => {
      const { json } = await send("GET", `/api/apps/${uuid}`);
      if (isObject(json)) await send("POST", "/api/apps", json["data"]);
    },
    addEntryByHand: async (uuid, name) => {
      await send("POST", `/api/datasources/${uuid}/entries`, { entry_data: { name, content: "by hand" } });
    },
    requests: () => {
      const fresh = server.journal().slice(seen);
      seen += fresh.length;
      return fresh.map(({ method, path }) => `${method} ${path.replaceAll(UUID, "*")}`);
    },
  };
  return site;
}

async function rewritten(request: Request, change: (text: string) => string): Promise<Request> {
  if (request.body === null) return request;
  const { url, method, headers } = request;
  const body = change(await request.text());
  return new Request(url, {
    method,
    headers: { ...Object.fromEntries(headers), "content-length": `${body.length}` },
    body,
  });
}

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gu;

let nonces = 0;

function setupFor(client: Client): ApplySetup {
  return {
    client,
    kinds,
    signal: NEVER,
    parallelism: 10,
    entryTimeoutMs: 500,
    now: () => new Date(),
    nonce: () => `nonce-${(nonces += 1)}`,
    onEvent: () => undefined,
    patience: HASTE,
  };
}

const POLICY: Policy = {
  set: "team",
  isSetImplicit: false,
  prune: false,
  adopt: false,
  allowReplace: false,
  allowEmpty: false,
  discardDrafts: false,
  only: [],
};

/** Reads what a plan needs and makes it. */
export async function planFor(
  client: Client,
  resources: readonly Resource[],
  policy: Partial<Policy> = {},
): Promise<Plan> {
  const lists = await Promise.all(kinds.map(async (kind) => [kind.kind, await client.list(kind, NEVER)] as const));
  const input = {
    desired: new Map(resources.map((resource) => [resource.key, resource])),
    rules: client.rules,
    kinds,
    policy: { ...POLICY, ...policy },
    target: { server: client.server.url, dialect: client.server.dialect, set: "team", source: "test" },
    live: { resources: new Map(lists), entries: new Map<string, CompleteList<LiveEntry>>() },
  };
  const { entries } = readsNeeded(input);
  const read = await Promise.all(entries.map(async (uuid) => [uuid, await client.listEntries(uuid, NEVER)] as const));
  return makePlan({ ...input, live: { ...input.live, entries: new Map(read) } });
}

/** An app as a manifest asks for it. `uses` are datasources, referred to by key. */
export function wantApp(
  name: string,
  {
    greeting = "Hello",
    uses = [],
    config = {},
    ...more
  }: { greeting?: string; uses?: readonly ResourceKey[]; config?: TemplateObject } & Partial<Resource> = {},
): Resource {
  const processor = {
    id: "_inputs1",
    provider_slug: "promptly",
    processor_slug: "text_chat",
    input: { question: "{{_inputs0.question}}" },
    config: { datasource: uses.map((key): Template => new Reference(key, "uuid")) },
  };
  return want("App", name, {
    type: "text-chat",
    document: {
      name,
      type_slug: "text-chat",
      config: { welcome_message: greeting, ...config },
      processors: [processor],
    },
    dependsOn: uses,
    ...more,
  });
}

export function wantDatasource(name: string, more: Partial<Resource> = {}): Resource {
  const type = more.type ?? "text";
  return want("Datasource", name, { type, document: { name: more.name ?? name, type }, ...more });
}

export function wantEntry(name: string, content: string, metadata: JsonObject = {}): DesiredEntry {
  return digested({ name, body: { kind: "content", value: content }, metadata });
}

export function wantUrl(name: string, url: string): DesiredEntry {
  return digested({ name, body: { kind: "url", value: url }, metadata: {} });
}

export function wantFile(name: string, file: FileBody): DesiredEntry {
  return digested({ name, body: { kind: "file", file }, metadata: {} });
}

function digested(entry: Omit<DesiredEntry, "sha256">): DesiredEntry {
  return { ...entry, sha256: entryDigest(entry) };
}

function want(kind: string, name: string, more: Pick<Resource, "type" | "document"> & Partial<Resource>): Resource {
  return {
    key: resourceKey(kind, name),
    kind,
    name,
    entriesPolicy: "Keep",
    deletionPolicy: "Delete",
    protect: false,
    movedFrom: [],
    formerSets: [],
    dependsOn: [],
    ...more,
  };
}

/** `App/a: done`, in the order of the report. */
export function statuses({ outcomes }: Report): readonly string[] {
  return outcomes.map(({ change, status }) => `${change.op} ${change.key}: ${status}`);
}

export function outcomeOf({ outcomes }: Report, key: string): Outcome {
  const found = outcomes.find(({ change }) => change.key === key);
  if (found === undefined) throw new Error(`no outcome of ${key}`);
  return found;
}

/** Ops of a plan but keeps. */
export function changesIn({ changes }: Plan): readonly string[] {
  return changes.filter(({ op }) => op !== "keep").map(({ op, key }) => `${op} ${key}`);
}

export function collectEvents(): { readonly events: ApplyEvent[]; readonly onEvent: (event: ApplyEvent) => void } {
  const events: ApplyEvent[] = [];
  return { events, onEvent: (event) => events.push(event) };
}
