import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { JsonObject } from "../../src/model/json.ts";
import type { DialectName } from "../../src/server/dialects/dialects.ts";
import type { JournalEntry } from "../../src/server/journal.ts";
import { type HookedServer, startHookedServer } from "../support/hooked-server.ts";
import type { KillPoint } from "../support/kill-gate.ts";
import { KillPoints, nameOf } from "../support/kill-points.ts";
import { compileOnce, type MortalOperator, mortalOperator } from "../support/mortal-operator.ts";
import {
  appDocument,
  isReadyNow,
  type Namespace,
  type OperatorWorld,
  serverDocument,
  startOperatorWorld,
  textsDocument,
} from "../support/operator-world.ts";

let world: OperatorWorld;
const operators: MortalOperator[] = [];

beforeAll(async () => {
  world = await startOperatorWorld();
  await compileOnce(world.plane);
});

afterAll(async () => {
  for (const operator of operators) await operator.close();
  await world.close();
});

const RESOURCES = ["Datasource/docs", "Datasource/bare", "App/asks", "App/bot"] as const;

/** What a namespace goes through: each is broken off by the death of the operator, and goes on with the next one. */
const PHASES = ["create", "update", "delete"] as const;

type Phase = (typeof PHASES)[number];

const isWrite = ({ request }: KillPoint): boolean => !/^(?:GET|OPTIONS) /u.test(request);
const isToServer = ({ request }: KillPoint): boolean => request.includes("/api/");

/** On either side of a write the world is another one. Reads change nothing: one death is enough for those in a row. */
const everywhere = (point: KillPoint, previous: KillPoint | undefined): boolean =>
  isWrite(point) || (point.when === "before" && (previous === undefined || isWrite(previous)));
const wheneverDone = (point: KillPoint): boolean => isWrite(point) && isToServer(point) && point.when === "after";

describe("an operator that is killed", () => {
  it.each([
    // Its datasources carry no marks: the status knows what was made.
    { dialect: "doc", where: "before or after any request is handled", at: everywhere },
    // Everything carries marks.
    { dialect: "pipeline", where: "as soon as any write is done", at: wheneverDone },
    // No marks, and entries that carry theirs in their names.
    { dialect: "slug", where: "as soon as any write is done", at: wheneverDone },
  ] as const)(
    "$where by a $dialect server leaves one object for each resource, loses none, and deletes what it should",
    async ({ dialect, at }) => {
      const sweep: Sweep = {
        dialect,
        points: { create: new KillPoints(at), update: new KillPoints(at), delete: new KillPoints(at) },
        undisturbed: {},
      };
      const lanes = await Promise.all(["a", "b", "c"].map((name) => openLane(`${dialect}-${name}`)));
      const [first] = lanes;
      if (first !== undefined) await live(first, sweep);
      await Promise.all(
        lanes.map(async (lane) => {
          while (PHASES.some((phase) => sweep.points[phase].isOpen)) await live(lane, sweep);
          await lane.operator.kill();
        }),
      );
      for (const phase of PHASES) {
        expect(sweep.points[phase].missed.filter((point) => isWrite(point) && isToServer(point)).map(nameOf)).toEqual(
          [],
        );
      }
    },
    900_000,
  );
});

interface Sweep {
  readonly dialect: DialectName;
  readonly points: Readonly<Record<Phase, KillPoints>>;
  /** What is written to the server where nobody is killed. */
  readonly undisturbed: Partial<Record<Phase, readonly string[]>>;
}

/** One life after the other, each in a namespace and on a server of its own. */
interface Lane {
  readonly name: string;
  readonly operator: MortalOperator;
  lives: number;
}

async function openLane(name: string): Promise<Lane> {
  const operator = await mortalOperator(world.plane);
  operators.push(operator);
  return { name, operator, lives: 0 };
}

interface Life {
  /** What it went through, for whoever reads of a failure. */
  readonly deaths: string[];
  readonly lane: Lane;
  readonly sweep: Sweep;
  readonly server: HookedServer;
  readonly here: string;
}

async function live(lane: Lane, sweep: Sweep): Promise<void> {
  const server = await startHookedServer({ dialect: sweep.dialect });
  server.intercept(({ method, url }, handle) => lane.operator.gate.pass(labelOf(method, url), handle));
  const life = { deaths: [], lane, sweep, server, here: `${lane.name}-${lane.lives}` };
  lane.lives += 1;
  await revive(life);
  const space = await go(life, "create", async () => {
    const made = await world.namespace(life.here, serverDocument(server.url), ...wanted("Hello", "One."));
    for (const resource of RESOURCES) await made.until(resource, isReadyNow);
    return made;
  });
  const uuids = await expectOneEach(life, space);
  if (sweep.undisturbed.update === undefined || sweep.points.update.isOpen) await update(life, space, uuids);
  await go(life, "delete", async () => {
    const all = [...RESOURCES.toReversed(), "Server/default"];
    await space.delete(...all);
    for (const one of all) await space.gone(one);
  });
  expect(await namesOn(server), story(life)).toEqual([]);
  await server.close();
}

async function update(life: Life, space: Namespace, uuids: readonly string[]): Promise<void> {
  await go(life, "update", async () => {
    await space.apply(...wanted("Good day", "Two."));
    for (const resource of RESOURCES) await space.until(resource, isReadyNow);
  });
  expect(await expectOneEach(life, space), story(life)).toEqual(uuids);
}

/** Where it is not running, an operator is started that watches this namespace and, already, that of the next life. */
function revive({ lane, here }: Life): Promise<void> {
  return lane.operator.watch(here, `${lane.name}-${lane.lives}`);
}

/** Does something, and the operator dies on the way. */
async function go<Result>(life: Life, phase: Phase, act: () => Promise<Result>): Promise<Result> {
  const { lane, sweep, server, deaths } = life;
  const points = sweep.points[phase];
  const target = points.take();
  deaths.push(`${phase} killed ${target === undefined ? "nowhere" : nameOf(target)}`);
  const where = story(life);
  const before = server.writes().length;
  const dead = lane.operator.gate.arm(target);
  const acted = inTime(act(), where);
  await Promise.race([acted, dead]);
  const { passed, isDead } = await lane.operator.gate.disarm();
  points.note(passed);
  if (isDead) await revive(life);
  else if (target !== undefined) points.missed.push(target);
  const result = await acted;
  const written = writtenIn(server.writes().slice(before));
  expect(written, where).toEqual((sweep.undisturbed[phase] ??= written));
  return result;
}

function story({ deaths }: Life): string {
  return deaths.join(", then ");
}

/** Limits no time: it says who hangs. */
function inTime<Result>(work: Promise<Result>, where: string): Promise<Result> {
  const late = setTimeout(120_000, undefined, { ref: false }).then((): never => {
    throw new Error(`${where}: this does not end`);
  });
  return Promise.race([work, late]);
}

/** What was written to the server. It is made and deleted as often as where nobody is killed; a change may be told twice. */
function writtenIn(sent: readonly JournalEntry[]): readonly string[] {
  const written = sent.filter(({ committed }) => committed).map(({ method, path }) => labelOf(method, path));
  const isChange = (label: string): boolean => label.startsWith("PATCH ");
  const once = written.filter((label) => !isChange(label)).toSorted();
  return [...once, ...new Set(written.filter(isChange))];
}

/** Everything is there once, kept by its finalizer, and another look at it writes nothing. Answers the uuids. */
async function expectOneEach(life: Life, space: Namespace): Promise<readonly string[]> {
  const { lane, server } = life;
  expect(await namesOn(server), story(life)).toEqual(["asks", "bare", "bot", "docs"]);
  const seen = await Promise.all([...RESOURCES, "Server/default"].map((resource) => space.get(resource)));
  const finalizers = seen.map((one) => one?.object.metadata["finalizers"]);
  expect(finalizers, story(life)).toEqual(seen.map(() => ["llmstack.ai/finalizer"]));
  const [docs] = seen;
  expect(await server.list(`datasources/${docs?.uuid ?? ""}/entries`), story(life)).toHaveLength(1);
  void lane.operator.gate.arm(undefined);
  const asked = String(performance.now());
  for (const resource of RESOURCES) await space.annotate(resource, "llmstack.ai/reconcile-requested-at", asked);
  for (const resource of RESOURCES) {
    await space.until(resource, ({ status }) => status["lastHandledReconcileAt"] === asked);
  }
  const { passed } = await lane.operator.gate.disarm();
  const echoes = passed.filter((point) => isWrite(point) && point.when === "before").map(({ request }) => request);
  expect(echoes.toSorted(), story(life)).toEqual([
    "PATCH apps/asks/status",
    "PATCH apps/bot/status",
    "PATCH datasources/bare/status",
    "PATCH datasources/docs/status",
  ]);
  return seen.map((one) => one?.uuid ?? "");
}

async function namesOn(server: HookedServer): Promise<readonly string[]> {
  const listed = [...(await server.list("apps")), ...(await server.list("datasources"))];
  return listed.flatMap(({ name }) => (typeof name === "string" ? [name] : [])).toSorted();
}

function labelOf(method: string, url: string): string {
  const path = url.replace(/^https?:\/\/[^/]+/u, "").replace(/\?.*$/u, "");
  return `${method} ${path.replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gu, "*")}`;
}

function wanted(welcome: string, content: string): readonly JsonObject[] {
  const app = (name: string, config: JsonObject): JsonObject => {
    const processors = [{ id: "_inputs1", provider_slug: "promptly", processor_slug: "text_chat", input: {}, config }];
    const definition = { name, type_slug: "web", config: { welcome_message: welcome }, processors };
    return appDocument(name, {}, { definition });
  };
  return [
    textsDocument("docs", [{ name: "a", content }]),
    textsDocument("bare", []),
    app("asks", { datasource: [{ $ref: "Datasource/docs" }] }),
    app("bot", {}),
  ];
}
