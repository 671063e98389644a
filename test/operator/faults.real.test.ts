import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createServer } from "../../src/server/create-server.ts";
import { parseFault } from "../../src/server/faults/parse-fault.ts";
import { listen } from "../../src/server/listen.ts";
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
  await world.startOperator();
});

afterAll(() => world.close());

const FAULTS = [
  { name: "429", fault: "status=429,retry-after=1,times=4" },
  { name: "503", fault: "status=503,times=8" },
  { name: "html", fault: "html,index=1-4" },
  { name: "truncated", fault: "truncated=broken,index=1-3" },
  { name: "lost-answer", fault: "lost=after,method=POST,times=2" },
  { name: "lost-request", fault: "lost=before,method=POST,times=2" },
  { name: "500-create", fault: "status=500,method=POST,times=1" },
  { name: "401", fault: "status=401,index=2-4" },
  { name: "slow", fault: "latency=300" },
];

describe("a server that fails for a while", () => {
  it.each(FAULTS)("with $fault ends with one object for each resource", async ({ fault, name }) => {
    const server = createServer({ dialect: "doc", token: TOKEN, faults: [parseFault(fault)] });
    const listening = await listen(server, { host: "127.0.0.1", port: 0 });
    const space = await world.namespace(`fault-${name}`, serverDocument(listening.url));
    await space.apply(appDocument("bot"), textsDocument("docs", [{ name: "a", content: "One." }]));
    await space.until("App/bot", isReadyNow);
    await space.until("Datasource/docs", isReadyNow);
    const made = server.journal().filter(({ method, committed }) => method === "POST" && committed);
    expect(made.map(({ path }) => path.replace(/[0-9a-f-]{36}/u, "*")).toSorted()).toEqual([
      "/api/apps",
      "/api/datasources",
      "/api/datasources/*/entries",
    ]);
    await listening.close();
    server.close();
  });
});
