import { rm } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { startCli } from "../support/cli-process.ts";
import { type CliWorld, cliWorld, TOKEN } from "../support/cli-world.ts";
import { losingProxy } from "../support/losing-proxy.ts";
import { FIRST } from "./ten-objects.ts";

/** In a folder of their own: the process keeps its state beside it. */
const MANIFESTS = Object.fromEntries(Object.entries(FIRST).map(([path, text]) => [`manifests/${path}`, text]));
const NAMES = ["Clerk", "Desk", "Greeter", "Guide", "Manual", "Prices"];
const ENV = { LLMSTACK_TOKEN: TOKEN, CLERK_KEY: "not-a-real-key" };

/** Each takes the start of a process, mostly. */
const AT_ONCE = 3;

describe("an apply that is killed with -9 as soon as the server has done any one of its requests", () => {
  it("goes on when it is run again, and leaves one object of each", async () => {
    let next = 0;
    const killOnes = async (): Promise<void> => {
      while (await killOne(next++));
    };
    await Promise.all(Array.from({ length: AT_ONCE }, killOnes));
    expect(next - AT_ONCE).toBeGreaterThan(15);
  });
});

/** False where the apply was over before there was such a request. */
async function killOne(index: number): Promise<boolean> {
  const world = await cliWorld(MANIFESTS);
  let kill = (): void => undefined;
  const proxy = await losingProxy(world.url, index, () => kill());
  try {
    const killed = startCli(["apply", "manifests"], { cwd: world.folder, env: { ...ENV, LLMSTACK_SERVER: proxy.url } });
    kill = () => void killed.child.kill("SIGKILL");
    const { code, stderr } = await killed.ended;
    expect(code, `request ${index}: ${stderr}`).toBe(proxy.seen() > index ? "SIGKILL" : 0);
    const again = await world.run(["apply", "manifests"], { env: ENV });
    expect(again, `request ${index}`).toMatchObject({ exitCode: 0 });
    const plan = await world.run(["plan", "manifests", "--detailed-exitcode"], { env: ENV });
    expect(plan, `request ${index}`).toMatchObject({ exitCode: 0 });
    expect(await liveNames(world), `request ${index}`).toEqual(NAMES);
    return proxy.seen() > index;
  } finally {
    await proxy.close();
    await world.close();
    await rm(world.folder, { recursive: true, force: true });
  }
}

async function liveNames({ url }: CliWorld): Promise<readonly string[]> {
  const names = await Promise.all(
    ["apps", "datasources"].map(async (kind) => {
      const answer = await fetch(`${url}/api/${kind}`, { headers: { authorization: `Token ${TOKEN}` } });
      const items = (await answer.json()) as readonly { readonly name: string }[];
      return items.map(({ name }) => name);
    }),
  );
  return names.flat().toSorted();
}
