import { onTestFinished } from "vitest";
import { apply, type ApplySetup } from "../../src/apply/apply.ts";
import type { Client, Transport } from "../../src/client/client.ts";
import { connect } from "../../src/client/connect.ts";
import { kinds } from "../../src/kinds/index.ts";
import type { KindSpec } from "../../src/model/kind.ts";
import type { LiveEntry, LiveResource } from "../../src/model/live.ts";
import type { Report } from "../../src/model/outcome.ts";
import type { Plan, Policy } from "../../src/model/plan.ts";
import type { DesiredState, Resource } from "../../src/model/resource.ts";
import { decide, type DecideSetup } from "../../src/pipeline.ts";
import { makePlan } from "../../src/plan/make-plan.ts";
import { createServer, type ReferenceServer, type ServerOptions } from "../../src/server/create-server.ts";
import type { DialectName } from "../../src/server/dialects/dialects.ts";
import { HASTE } from "./apply-world.ts";
import { type Answer, apiOf, TOKEN } from "./server-requests.ts";
import { A_POLICY } from "./whole-run.ts";

/** One server, spoken to by the real client, planned for by the real pipeline. */
export interface DialectWorld {
  readonly client: Client;
  plan(
    resources: readonly Resource[] | DesiredState,
    policy?: Partial<Policy>,
    setup?: Partial<DecideSetup>,
  ): Promise<Plan>;
  apply(plan: Plan, setup?: Partial<ApplySetup>): Promise<Report>;
  /** Plans and applies. */
  sync(resources: readonly Resource[] | DesiredState, policy?: Partial<Policy>): Promise<Report>;
  apps(): Promise<readonly LiveResource[]>;
  datasources(): Promise<readonly LiveResource[]>;
  entries(datasource: string): Promise<readonly LiveEntry[]>;
  /** As a person's browser does it. */
  byHand(method: string, path: string, body?: unknown): Promise<Answer>;
}

/** The same, on a reference server of the test's own. */
export interface ReferenceWorld extends DialectWorld {
  readonly server: ReferenceServer;
  /** Called with every request before it reaches the server; may wait, and may break the connection by throwing. */
  intercept(hook: (request: Request) => Promise<Response | undefined> | Response | undefined | void): void;
  /** `POST /api/apps` and so on, uuids as `*`, since the last call. */
  requests(): readonly string[];
}

const NEVER = new AbortController().signal;
const [datasourceKind, appKind] = kinds as readonly [KindSpec, KindSpec];

export async function referenceWorld(
  dialect: DialectName,
  options: Partial<ServerOptions> = {},
): Promise<ReferenceWorld> {
  const server = createServer({ dialect, token: TOKEN, ...options });
  onTestFinished(() => server.close());
  let hook: Parameters<ReferenceWorld["intercept"]>[0] = () => undefined;
  const transport: Transport = async (request) => (await hook(request)) ?? server.handle(request);
  const world = await worldAt({ url: "http://llmstack.test", token: TOKEN, transport });
  let seen = server.journal().length;
  return {
    ...world,
    server,
    byHand: (method, path, body) => apiOf(server).send(method, path, body),
    intercept: (next) => {
      hook = next;
    },
    requests: () => {
      const fresh = server.journal().slice(seen);
      seen += fresh.length;
      return fresh.map(({ method, path }) => `${method} ${path.replaceAll(UUID, "*").replace(/\?.*$/u, "")}`);
    },
  };
}

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gu;

interface Place {
  readonly url: string;
  readonly token: string;
  readonly transport?: Transport;
}

/** A world at an address; `byHand` goes over the network there. */
export async function worldAt(place: Place): Promise<DialectWorld> {
  const client = await connect({ ...place, timeoutMs: 60_000, retryBudgetMs: 1_000 }, NEVER);
  const world: DialectWorld = {
    client,
    plan: async (resources, policy, setup) =>
      (await decide({ ...setupFor(client, resources, policy), ...setup }, NEVER)).plan,
    apply: (plan, setup) => apply(plan, { ...applySetup(client), ...setup }),
    sync: async (resources, policy) => world.apply(await world.plan(resources, policy)),
    apps: async () => (await client.list(appKind, NEVER)).items,
    datasources: async () => (await client.list(datasourceKind, NEVER)).items,
    entries: async (uuid) => (await client.listEntries(uuid, NEVER)).items,
    byHand: (method, path, body) => sendByHand(place, method, path, body),
  };
  return world;
}

function setupFor(
  client: Client,
  resources: readonly Resource[] | DesiredState,
  policy: Partial<Policy> = {},
): DecideSetup {
  const desired: DesiredState =
    "size" in resources ? resources : new Map(resources.map((resource) => [resource.key, resource]));
  return {
    readDesired: () => Promise.resolve({ desired, problems: [], notes: [] }),
    connect: () => Promise.resolve({ client, serverName: "test" }),
    policy: { ...A_POLICY, ...policy },
    makePlan,
    sourceName: "test",
    parallelism: 4,
  };
}

function applySetup(client: Client): ApplySetup {
  return {
    client,
    kinds,
    signal: NEVER,
    parallelism: 4,
    entryTimeoutMs: 60_000,
    now: () => new Date(),
    nonce: () => crypto.randomUUID(),
    onEvent: () => undefined,
    patience: HASTE,
  };
}

async function sendByHand({ url, token }: Place, method: string, path: string, body?: unknown): Promise<Answer> {
  const response = await fetch(url + path, {
    method,
    headers: { authorization: `Token ${token}`, ...(body !== undefined && { "content-type": "application/json" }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const { status, headers } = response;
  return { status, headers, text, json: jsonOf(text), uuid: /"uuid":\s*"([0-9a-f-]{36})"/u.exec(text)?.[1] ?? "" };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What is left to do: `op key` of every change that is no keep, holds with their reason and detail. */
export function leftIn({ changes }: Plan): readonly string[] {
  return changes.flatMap((change) => {
    if (change.op === "keep") return [];
    if (change.op === "hold") return [`hold ${change.hold.reason} ${change.key}: ${change.hold.detail}`];
    return [`${change.op} ${change.key}: ${JSON.stringify(change.fields)}`];
  });
}

/** Everything that did not go right, in words. */
export function troubleIn({ outcomes }: Report): readonly string[] {
  return outcomes.flatMap(({ change, status, failure, warnings }) => {
    const isFine = status === "done" || status === "kept";
    return [
      ...(isFine ? [] : [`${change.op} ${change.key}: ${status} ${failure?.message ?? ""}`]),
      ...warnings.map((warning) => `${change.op} ${change.key}: ${warning}`),
    ];
  });
}
