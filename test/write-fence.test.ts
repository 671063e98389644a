import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { Agent, fetch } from "undici";
import { writeFence } from "../src/write-fence.ts";

it("lets nothing be written that may not be by the time the connection stands, and everything be read", async () => {
  const seen: string[] = [];
  let mayWrite = true;
  const server = createServer((incoming, outgoing) => {
    seen.push(incoming.method ?? "");
    incoming.resume();
    incoming.on("end", () => outgoing.end("ok"));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const agent = new Agent();
  onTestFinished(async () => {
    await agent.destroy();
    server.close();
  });
  const dispatcher = agent.compose(writeFence(() => mayWrite));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const send = async (method: string): Promise<string> => {
    const answer = await fetch(url, { method, dispatcher, ...(method !== "GET" && { body: "x" }) });
    return answer.text();
  };
  expect(await send("POST")).toBe("ok");
  mayWrite = false;
  await expect(send("POST")).rejects.toThrow("fetch failed");
  await expect(send("PATCH")).rejects.toThrow("fetch failed");
  await expect(send("DELETE")).rejects.toThrow("fetch failed");
  expect(await send("GET")).toBe("ok");
  expect(seen).toEqual(["POST", "GET"]);
});
