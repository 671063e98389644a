import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { JsonObject } from "../../src/model/json.ts";
import { type CliProcess, startCli } from "../support/cli-process.ts";
import { type ByHand, byHand } from "../support/llmstack-by-hand.ts";
import {
  appDocument,
  isReadyNow,
  type OperatorWorld,
  serverDocument,
  startOperatorWorld,
  textsDocument,
} from "../support/operator-world.ts";
import { TOKEN } from "../support/server-requests.ts";

let world: OperatorWorld;
let hand: ByHand;

beforeAll(async () => {
  world = await startOperatorWorld();
  hand = byHand(world.llmstackUrl);
});

afterAll(() => world.close());

async function kill({ child, ended }: CliProcess): Promise<void> {
  child.kill("SIGKILL");
  await ended;
}

/** Kills the operator at its n-th write, before the server has it or when it has it and the answer is lost. */
async function killAt(operator: CliProcess, point: { readonly write: number; readonly when: string }): Promise<void> {
  const reached = Promise.withResolvers<void>();
  let writes = 0;
  world.intercept(async ({ method }, when) => {
    if (method === "GET" || method === "OPTIONS" || when !== point.when) return;
    writes += 1;
    if (writes !== point.write) return;
    operator.child.kill("SIGKILL");
    await operator.ended;
    reached.resolve();
    throw new Error("nobody is there to hear the answer");
  });
  await reached.promise;
  world.intercept(() => undefined);
}

function wanted(suffix: string): readonly JsonObject[] {
  const processors = [
    {
      id: "_inputs1",
      provider_slug: "promptly",
      processor_slug: "text_chat",
      input: {},
      config: { datasource: [{ $ref: `Datasource/docs-${suffix}` }] },
    },
  ];
  const definition = { name: `asks-${suffix}`, type_slug: "web", processors };
  const entries = [{ name: "a", content: "One." }];
  return [
    textsDocument(`docs-${suffix}`, entries),
    appDocument(`asks-${suffix}`, {}, { definition }),
    appDocument(`bot-${suffix}`),
  ];
}

/** Of everything on the server, sorted. */
async function allNames(): Promise<readonly string[]> {
  const names = [...(await hand.names("apps")), ...(await hand.names("datasources"))];
  return names.filter((name) => typeof name === "string").toSorted((a, b) => a.localeCompare(b));
}

describe("an operator that is killed", () => {
  const points = [1, 2, 3, 4].flatMap((write) => ["before", "after"].map((when) => ({ write, when })));

  it.each(points)(
    "$when its write number $write leaves one object for each resource, and may delete it",
    async (point) => {
      const suffix = `${point.when}-${point.write}`;
      const space = await world.namespace(`crash-${suffix}`);
      const operator = await world.startOperator("--no-leader-elect");
      await space.apply(...wanted(suffix));
      await killAt(operator, point);
      const next = await world.startOperator("--no-leader-elect");
      const names = [`Datasource/docs-${suffix}`, `App/asks-${suffix}`, `App/bot-${suffix}`];
      for (const name of names) await space.until(name, isReadyNow);
      const ours = async (): Promise<readonly string[]> => (await allNames()).filter((name) => name.endsWith(suffix));
      expect(await ours()).toEqual([`asks-${suffix}`, `bot-${suffix}`, `docs-${suffix}`]);
      await space.delete(...names.toReversed());
      for (const name of names) await space.gone(name);
      expect(await ours()).toEqual([]);
      await kill(next);
    },
  );
});

describe("the command line and the operator", () => {
  it("hand over to each other both ways, and nothing is made anew", async () => {
    const space = await world.namespace("handover", serverDocument(world.llmstackUrl, { set: "handover" }));
    const cli = async (): Promise<string> => {
      const env = { LLMSTACK_SERVER: world.llmstackUrl, LLMSTACK_TOKEN: TOKEN, LLMSTACK_SET: "handover" };
      const { child, ended } = startCli(["apply", "-", "-o", "json"], { cwd: world.plane.folder, env });
      child.stdin?.end(
        wanted("handover")
          .map((document) => JSON.stringify(document))
          .join("\n---\n"),
      );
      const { stdout, stderr, code } = await ended;
      expect(code, stdout + stderr).toBe(0);
      return stdout;
    };
    await cli();
    const uuidsNow = async (): Promise<readonly unknown[]> =>
      [...(await world.onServer("apps")), ...(await world.onServer("datasources"))].map(({ uuid }) => uuid);
    const before = await uuidsNow();
    expect(before).toHaveLength(3);
    const operator = await world.startOperator("--no-leader-elect");
    await space.apply(...wanted("handover"));
    for (const name of ["Datasource/docs-handover", "App/asks-handover", "App/bot-handover"]) {
      await space.until(name, isReadyNow);
    }
    expect(await uuidsNow()).toEqual(before);
    await kill(operator);
    const report = JSON.parse(await cli()) as { readonly outcomes: readonly { readonly status: string }[] };
    expect(report.outcomes.filter(({ status }) => status !== "kept")).toEqual([]);
    expect(await uuidsNow()).toEqual(before);
  });
});
