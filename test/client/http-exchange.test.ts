import { once } from "node:events";
import { setImmediate as nextTurn } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import { httpExchange } from "../../src/client/http-exchange.ts";

/** A server that gives up every connection after its first answer, just when something more comes over it. */
const HASTY_SERVER = `
  const { createServer } = require("node:net");
  const { parentPort } = require("node:worker_threads");
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", () => {
      socket.write("HTTP/1.1 200 OK\\r\\nkeep-alive: timeout=5\\r\\ncontent-length: 2\\r\\n\\r\\nok");
      socket.once("data", () => socket.destroy());
    });
  });
  server.listen(0, "127.0.0.1", () => parentPort.postMessage(server.address().port));
`;

test("a write is not lost on a connection that grew old while a plan was made", async () => {
  const server = new Worker(HASTY_SERVER, { eval: true });
  try {
    const [port] = (await once(server, "message")) as readonly unknown[];
    const url = `http://127.0.0.1:${String(port)}/`;
    const exchange = httpExchange({ url: new URL(url), timeoutMs: 5_000 });
    const { signal } = new AbortController();
    const first = await exchange({ url, method: "GET", headers: {}, signal });
    for await (const _ of first.body) continue;
    // The connection is free for the next request once the loop has come round.
    await nextTurn();
    await nextTurn();
    // Nothing of this thread runs meanwhile, as when ten thousand apps are compared.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_100);
    const second = await exchange({ url, method: "POST", headers: {}, body: Buffer.from("{}"), signal });
    second.drop();
    expect(second.status).toBe(200);
  } finally {
    await server.terminate();
  }
});
