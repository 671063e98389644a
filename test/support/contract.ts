import { describe, onTestFinished, vi } from "vitest";
import { dialects as clientDialects } from "../../src/client/dialects/index.ts";
import { kinds } from "../../src/kinds/index.ts";
import { isJsonObject, type JsonObject } from "../../src/model/json.ts";
import type { LiveResource } from "../../src/model/live.ts";
import type { Policy } from "../../src/model/plan.ts";
import type { Resource } from "../../src/model/resource.ts";
import { symbolicObject } from "../../src/model/template.ts";
import { dialects as serverDialects, type DialectName } from "../../src/server/dialects/dialects.ts";
import { wantApp, wantDatasource } from "./apply-world.ts";
import { type DialectWorld, type ReferenceWorld, referenceWorld, worldAt } from "./dialect-world.ts";

/** A server to hold the contract on, and names there that nobody else has. */
export interface ContractWorld extends DialectWorld {
  readonly set: string;
  /** A display name of this test's own. */
  named(name: string): string;
  /** An app of this test's own: key `App/<name>`. */
  app(name: string, more?: Parameters<typeof wantApp>[1]): Resource;
  datasource(name: string, more?: Partial<Resource>): Resource;
  /** Makes an app as LLMStack's editor does: without a mark. Gives its uuid. */
  appByHand(name: string, more?: JsonObject): Promise<string>;
  /** What is live of this test's own apps. */
  ownApps(): Promise<readonly LiveResource[]>;
  readonly reference: ReferenceWorld | undefined;
}

interface Place {
  readonly name: string;
  readonly open: () => Promise<ContractWorld>;
}

const { LLMSTACK_TEST_URL: url, LLMSTACK_TEST_TOKEN: token } = process.env;

// A real server embeds what it is sent, and may be far away.
if (url !== undefined) vi.setConfig({ testTimeout: 300_000 });

/** Every release of every dialect that both ends speak, and a real server where one is named. */
const places: readonly Place[] = [
  ...Object.keys(serverDialects).filter(isSpoken).flatMap(placesOf),
  ...(url === undefined || token === undefined ? [] : [{ name: url, open: () => openReal({ url, token }) }]),
];

function isSpoken(name: string): name is DialectName {
  return clientDialects.some((dialect) => dialect.name === name);
}

function placesOf(name: DialectName): readonly Place[] {
  const dialect = serverDialects[name];
  if (!("releases" in dialect)) return [{ name, open: () => openReference(name, undefined) }];
  return dialect.releases.map(({ release }) => ({
    name: `${name} ${release}`,
    open: () => openReference(name, release),
  }));
}

/** Runs scenarios on every server, each test with a world of its own. */
export function onEveryServer(scenarios: (open: () => Promise<ContractWorld>) => void): void {
  describe.each(places)("$name", ({ open }) => {
    scenarios(open);
  });
}

/** The same, where only a reference server can be made to misbehave so. */
export function onEveryReferenceServer(
  scenarios: (open: () => Promise<ContractWorld & { readonly reference: ReferenceWorld }>) => void,
): void {
  const made = places.filter(({ name }) => name !== url);
  describe.each(made)("$name", ({ open }) => {
    scenarios(async () => {
      const world = await open();
      if (world.reference === undefined) throw new Error("is no reference server");
      return { ...world, reference: world.reference };
    });
  });
}

async function openReference(dialect: DialectName, release: string | undefined): Promise<ContractWorld> {
  const world = await referenceWorld(dialect, release === undefined ? {} : { release });
  return contractWorld(world, "team", "", world);
}

/** Everything that a test leaves there is deleted after it, by its mark or by the name that only this test gives. */
async function openReal(place: { readonly url: string; readonly token: string }): Promise<ContractWorld> {
  const world = await worldAt(place);
  const set = `contract-${crypto.randomUUID().slice(0, 8)}`;
  const contract = contractWorld(world, set, `${set} `, undefined);
  onTestFinished(() => cleanUp(contract));
  return contract;
}

async function cleanUp(world: ContractWorld): Promise<void> {
  const { signal } = new AbortController();
  const isOwn = ({ name, mark }: LiveResource): boolean =>
    name.startsWith(world.named("")) || mark?.set.startsWith(world.set) === true;
  for (const live of [...(await world.apps()), ...(await world.datasources())].filter(isOwn)) {
    const kind = kinds.find((spec) => spec.kind === live.kind);
    if (kind !== undefined) await world.client.delete(kind, live.uuid, signal);
  }
}

function contractWorld(
  world: DialectWorld,
  set: string,
  prefix: string,
  reference: ReferenceWorld | undefined,
): ContractWorld {
  const named = (name: string): string => prefix + name;
  const withSet = (policy: Partial<Policy> = {}): Partial<Policy> => ({ set, ...policy });
  const renamed = (resource: Resource, display: string): Resource => ({
    ...resource,
    name: display,
    document: { ...resource.document, name: display },
  });
  return {
    ...world,
    set,
    reference,
    named,
    plan: (resources, policy, setup) => world.plan(resources, withSet(policy), setup),
    sync: (resources, policy) => world.sync(resources, withSet(policy)),
    app: (name, more = {}) => renamed(wantApp(name, more), named(more.name ?? name)),
    datasource: (name, more = {}) => renamed(wantDatasource(name, more), named(more.name ?? name)),
    appByHand: async (name, more = {}) => {
      const document = symbolicObject(wantApp(name).document);
      const { uuid, status, text } = await world.byHand("POST", "/api/apps", {
        ...document,
        ...more,
        name: named(name),
      });
      if (status !== 201) throw new Error(`${status} ${text}`);
      return uuid;
    },
    ownApps: async () => (await world.apps()).filter(({ name, mark }) => name.startsWith(prefix) || mark?.set === set),
  };
}

/** The live object of that key. */
export async function liveOf(world: ContractWorld, key: string): Promise<LiveResource> {
  const all = [...(await world.apps()), ...(await world.datasources())];
  const found = all.find(({ mark }) => mark?.set === world.set && mark.key === key);
  if (found === undefined) throw new Error(`nothing live of ${key}`);
  return found;
}

/** The app's document with these keys in place of its own. */
export function withDocument(resource: Resource, more: JsonObject): Resource {
  return { ...resource, document: { ...resource.document, ...more } };
}

/** The app's document without these keys. */
export function withoutKeys(resource: Resource, ...keys: readonly string[]): Resource {
  const document = Object.fromEntries(Object.entries(resource.document).filter(([key]) => !keys.includes(key)));
  return { ...resource, document };
}

export function objectAt(document: JsonObject, key: string): JsonObject {
  const value = document[key];
  if (!isJsonObject(value)) throw new Error(`${key} is no object`);
  return value;
}
