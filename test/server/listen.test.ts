import { afterEach, describe, expect, it } from "vitest";
import { createServer, type ReferenceServer, type ServerOptions } from "../../src/server/create-server.ts";
import { parseFault } from "../../src/server/faults/parse-fault.ts";
import { listen } from "../../src/server/listen.ts";
import { anApp, TOKEN } from "../support/server-requests.ts";

const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

interface Running {
  readonly server: ReferenceServer;
  readonly url: string;
  readonly ask: (path: string, init?: RequestInit) => Promise<Response>;
}

async function start(options: Partial<ServerOptions> = {}): Promise<Running> {
  const server = createServer({ dialect: "doc", token: TOKEN, ...options });
  const listening = await listen(server, { host: "127.0.0.1", port: 0 });
  closers.push(async () => {
    await listening.close();
    server.close();
  });
  const headers = { authorization: `Token ${TOKEN}`, "content-type": "application/json" };
  const { url } = listening;
  return { server, url, ask: (path, init = {}) => fetch(url + path, { headers, ...init }) };
}

const newApp = (more: Record<string, unknown> = {}): RequestInit => ({
  method: "POST",
  body: JSON.stringify(anApp(more)),
});

describe("over a real socket", () => {
  it("the same server answers, at the address that it says", async () => {
    const { ask, url } = await start();
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/u);
    const created = await ask("/api/apps", newApp());
    expect(created.status).toBe(201);
    const listed = await ask("/api/apps");
    expect(await listed.json()).toEqual([await created.json()]);
  });

  it("an answer to DELETE has no body and the connection goes on", async () => {
    const { ask } = await start();
    const { uuid } = (await (await ask("/api/apps", newApp())).json()) as { uuid: string };
    const deleted = await ask(`/api/apps/${uuid}`, { method: "DELETE" });
    expect([deleted.status, await deleted.text()]).toEqual([204, ""]);
    expect((await ask("/api/apps")).status).toBe(200);
  });

  it("a run streams in pieces", async () => {
    const { ask } = await start();
    const { uuid } = (await (await ask("/api/apps", newApp())).json()) as { uuid: string };
    const body = JSON.stringify({ input: { question: "why? ".repeat(2000) }, stream: true });
    const answer = await ask(`/api/apps/${uuid}/run`, { method: "POST", body });
    expect(answer.headers.get("content-length")).toBeNull();
    const lines = (await answer.text()).trimEnd().split("\n");
    expect(lines.length).toBeGreaterThan(400);
    expect(lines.every((line) => typeof JSON.parse(line) === "object")).toBe(true);
  });

  it.each(["lost=before", "lost=after"])("%s is a closed connection", async (spec) => {
    const { ask, server } = await start({ faults: [parseFault(`${spec},nth=1`)] });
    await expect(ask("/api/apps", newApp())).rejects.toThrow("fetch failed");
    expect(await (await ask("/api/apps")).json()).toHaveLength(spec === "lost=after" ? 1 : 0);
    expect(server.journal()[0]?.status).toBe(0);
  });

  it("a broken answer starts well and ends in a closed connection", async () => {
    const { ask } = await start({ faults: [parseFault("truncated=broken,nth=2")] });
    await ask("/api/apps", newApp());
    const answer = await ask("/api/apps");
    expect(answer.status).toBe(200);
    await expect(answer.text()).rejects.toThrow("terminated");
    expect((await ask("/api/apps")).status).toBe(200);
  });

  it.each(["truncated=clean", "slow-body=8", "html", "status=503,body=empty", "status=429,retry-after=1"])(
    "%s is a whole answer",
    async (spec) => {
      const { ask } = await start({ faults: [parseFault(spec)] });
      const answer = await ask("/api/apps", newApp());
      expect(await answer.text()).toHaveLength(Number(answer.headers.get("content-length")));
    },
  );

  it("a body over 25 MiB gets its 413 and not a broken connection", async () => {
    const { ask } = await start();
    const answer = await ask("/api/apps", newApp({ description: "x".repeat(25 * 1024 * 1024) }));
    expect(answer.status).toBe(413);
  });

  it("a file of 18 MiB is an entry", async () => {
    const { ask } = await start();
    const body = JSON.stringify({ name: "f", type: "file" });
    const { uuid } = (await (await ask("/api/datasources", { method: "POST", body })).json()) as { uuid: string };
    const file = Buffer.alloc(18 * 1024 * 1024).toString("base64");
    const entry = JSON.stringify({ entry_data: { name: "big", file } });
    expect((await ask(`/api/datasources/${uuid}/entries`, { method: "POST", body: entry })).status).toBe(201);
  });

  it("a caller that gives up leaves no trace and no defect", async () => {
    const { ask, server } = await start({ faults: [parseFault("latency=60000,method=POST")] });
    const giveUp = new AbortController();
    const answer = ask("/api/apps", { ...newApp(), signal: giveUp.signal });
    await expect.poll(() => server.journal().length).toBe(1);
    giveUp.abort();
    await expect(answer).rejects.toThrow("aborted");
    expect(await (await ask("/api/apps")).json()).toEqual([]);
    expect(server.journal()[0]).toMatchObject({ status: 0, committed: false });
    expect(server.journal()[0]?.defect).toBeUndefined();
  });

  it("a port that is taken is a clear error", async () => {
    const { url, server } = await start();
    const port = Number(new URL(url).port);
    await expect(listen(server, { host: "127.0.0.1", port })).rejects.toMatchObject({
      class: "usage",
      message: `cannot listen on 127.0.0.1:${port}`,
    });
  });
});
