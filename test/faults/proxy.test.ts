import { rm } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isObject } from "../../src/model/json.ts";
import { type CliResult, folderWith, runCli } from "../support/cli-io.ts";
import { type CliWorld, cliWorld, TOKEN } from "../support/cli-world.ts";
import { losingProxy, type Loss } from "../support/losing-proxy.ts";
import { FIRST, SECOND, SECRET_CANARY } from "./ten-objects.ts";

const LOSSES = ["nothing", "half"] as const;

/** Names of everything that each revision asks for. */
const FIRST_NAMES = ["Clerk", "Desk", "Greeter", "Guide", "Manual", "Prices", "list", "start", "stop"];
const SECOND_NAMES = ["Cashier", "Desk", "Greeter", "Guide", "Manual", "Prices", "list", "start"];

/** 0: done all the same. 4: some changes failed. 10: the server was not there when it had to be known. */
const CLEAR_ENDINGS = [0, 4, 10];

describe("a proxy that loses the answer of any one request", () => {
  let first: string;
  let second: string;

  beforeAll(async () => {
    first = await folderWith(FIRST);
    second = await folderWith(SECOND);
  });
  afterAll(() => Promise.all([first, second].map((folder) => rm(folder, { recursive: true, force: true }))));

  it.each(LOSSES)("of a first apply (%s of it arrives): a plain re-run ends with one object of each", async (loss) => {
    const requests = await loseEach(loss, {
      prepare: () => Promise.resolve(),
      argv: ["apply", first],
      names: FIRST_NAMES,
    });
    expect(requests).toBeGreaterThan(15);
  });

  it.each(LOSSES)("of an apply that changes and deletes (%s of it arrives): the same", async (loss) => {
    const requests = await loseEach(loss, {
      prepare: async (world) => {
        expect(await plainRun(world, ["apply", first])).toMatchObject({ exitCode: 0 });
      },
      argv: ["apply", second, "--prune", "--max-deletes", "3", "--yes"],
      names: SECOND_NAMES,
    });
    expect(requests).toBeGreaterThan(15);
  });
});

interface Scenario {
  readonly prepare: (world: CliWorld) => Promise<void>;
  readonly argv: readonly [command: string, folder: string, ...flags: string[]];
  readonly names: readonly string[];
}

/**
 * Loses the first answer, then the second, and so on, each time on a server of its own, until none is left to lose.
 * Gives how many there were.
 */
async function loseEach(loss: Loss, scenario: Scenario): Promise<number> {
  let next = 0;
  const loseOnes = async (): Promise<void> => {
    while (await loseOne(next++, loss, scenario));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, loseOnes));
  return next - AT_ONCE;
}

/** Most of the time goes by in pauses before reads are repeated. */
const AT_ONCE = 6;

/** False where the apply was over before there was such an answer to lose. */
async function loseOne(index: number, loss: Loss, { prepare, argv, names }: Scenario): Promise<boolean> {
  const world = await cliWorld({});
  const proxy = await losingProxy(world.url, index, loss);
  try {
    await prepare(world);
    const lossy = await plainRun(world, argv, proxy.url);
    expect(CLEAR_ENDINGS, `request ${index}: ${lossy.stderr}`).toContain(lossy.exitCode);
    if (lossy.exitCode !== 0) expect(lossy.stderr + lossy.stdout, `request ${index}`).toMatch(/run .*again/iu);
    const again = await plainRun(world, argv);
    expect(again, `request ${index}`).toMatchObject({ exitCode: 0 });
    const [, folder, ...flags] = argv;
    const planFlags = flags.filter((flag) => flag !== "--yes");
    const plan = await plainRun(world, ["plan", folder, ...planFlags, "--detailed-exitcode"]);
    expect(plan, `request ${index}`).toMatchObject({ exitCode: 0 });
    expect(await liveNames(world), `request ${index}`).toEqual(names);
    return proxy.seen() > index;
  } finally {
    await proxy.close();
    await world.close();
    await rm(world.folder, { recursive: true, force: true });
  }
}

async function plainRun(world: CliWorld, argv: readonly string[], url = world.url): Promise<CliResult> {
  const env = { LLMSTACK_SERVER: url, LLMSTACK_TOKEN: TOKEN, LLMSTACK_SET: "team", CLERK_KEY: SECRET_CANARY };
  const result = await runCli(argv, { cwd: world.folder, env });
  expect(result.stdout + result.stderr).not.toContain(SECRET_CANARY);
  expect(result.stdout + result.stderr).not.toContain(TOKEN);
  return result;
}

/** Display names of everything on the server: what is there twice stands there twice. */
async function liveNames(world: CliWorld): Promise<readonly string[]> {
  const datasources = await list(world, "/api/datasources");
  const entries = await Promise.all(datasources.map(({ uuid }) => list(world, `/api/datasources/${uuid}/entries`)));
  return [...(await list(world, "/api/apps")), ...datasources, ...entries.flat()].map(({ name }) => name).toSorted();
}

async function list(world: CliWorld, path: string): Promise<readonly { uuid: string; name: string }[]> {
  const answer = await fetch(`${world.url}${path}`, { headers: { authorization: `Token ${TOKEN}` } });
  const value: unknown = await answer.json();
  if (!Array.isArray(value)) throw new Error(`${path} answered no list`);
  return value.filter(isObject).map(({ uuid, name }) => ({ uuid: String(uuid), name: String(name) }));
}
