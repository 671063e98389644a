import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { JsonObject } from "../../src/model/json.ts";
import { startCli } from "../support/cli-process.ts";
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

beforeAll(async () => {
  world = await startOperatorWorld();
});

afterAll(() => world.close());

describe("the command line and the operator", () => {
  it("hand over to each other both ways, and nothing is made anew", async () => {
    const wanted = threeDocuments();
    const space = await world.namespace("handover", serverDocument(world.llmstackUrl, { set: "handover" }));
    const cli = async (): Promise<string> => {
      const env = { LLMSTACK_SERVER: world.llmstackUrl, LLMSTACK_TOKEN: TOKEN, LLMSTACK_SET: "handover" };
      const { child, ended } = startCli(["apply", "-", "-o", "json"], { cwd: world.plane.folder, env });
      child.stdin?.end(wanted.map((document) => JSON.stringify(document)).join("\n---\n"));
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
    await space.apply(...wanted);
    for (const name of ["Datasource/docs", "App/asks", "App/bot"]) {
      await space.until(name, isReadyNow);
    }
    expect(await uuidsNow()).toEqual(before);
    operator.child.kill("SIGTERM");
    await operator.ended;
    const report = JSON.parse(await cli()) as { readonly outcomes: readonly { readonly status: string }[] };
    expect(report.outcomes.filter(({ status }) => status !== "kept")).toEqual([]);
    expect(await uuidsNow()).toEqual(before);
  });
});

function threeDocuments(): readonly JsonObject[] {
  const processors = [
    {
      id: "_inputs1",
      provider_slug: "promptly",
      processor_slug: "text_chat",
      input: {},
      config: { datasource: [{ $ref: "Datasource/docs" }] },
    },
  ];
  const definition = { name: "asks", type_slug: "web", processors };
  return [
    textsDocument("docs", [{ name: "a", content: "One." }]),
    appDocument("asks", {}, { definition }),
    appDocument("bot"),
  ];
}
