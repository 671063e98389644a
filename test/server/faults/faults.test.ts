import { describe, expect, it } from "vitest";
import type { ServerOptions } from "../../../src/server/create-server.ts";
import { parseFault } from "../../../src/server/faults/parse-fault.ts";
import { type Api, anApp, startServer } from "../../support/server-requests.ts";

const withFaults = (...specs: readonly string[]): Api => startServer({ faults: specs.map(parseFault) });

const create = (api: Api) => api.send("POST", "/api/apps", anApp());

async function countApps(api: Api): Promise<number> {
  return ((await api.send("GET", "/api/apps")).json as unknown[]).length;
}

describe("a fault", () => {
  it("loses the answer after the write is done", async () => {
    const api = withFaults("lost=after,nth=1");
    await expect(create(api)).rejects.toThrow(TypeError);
    expect(await countApps(api)).toBe(1);
    expect(api.server.journal()[0]).toMatchObject({ status: 0, committed: true, faults: ["lost"] });
  });

  it("loses the request before anything is written", async () => {
    const api = withFaults("lost=before,nth=1");
    await expect(create(api)).rejects.toMatchObject({ message: "fetch failed", cause: { code: "ECONNRESET" } });
    expect(await countApps(api)).toBe(0);
    expect(api.server.journal()[0]).toMatchObject({ status: 0, committed: false });
  });

  it("answers in the server's place, before or after the write", async () => {
    const api = withFaults("status=502,body=html,index=0", "status=500,body=empty,when=after,index=1");
    const before = await create(api);
    expect([before.status, before.headers.get("content-type")]).toEqual([502, "text/html; charset=utf-8"]);
    const after = await create(api);
    expect([after.status, after.text]).toEqual([500, ""]);
    expect(await countApps(api)).toBe(1);
    expect(api.server.journal().map(({ status, committed }) => [status, committed])).toEqual([
      [502, false],
      [500, true],
      [200, false],
    ]);
  });

  it("asks to wait with 429 and Retry-After", async () => {
    const { status, headers, json } = await create(withFaults("status=429,retry-after=7"));
    expect([status, headers.get("retry-after"), json]).toMatchObject([
      429,
      "7",
      { detail: expect.any(String) as unknown },
    ]);
  });

  it("shows a page of HTML where a list should be", async () => {
    const { status, text } = await withFaults("html").send("GET", "/api/apps");
    expect([status, text.startsWith("<!doctype html>")]).toEqual([200, true]);
  });

  it("cuts an answer in half, with a broken connection or without", async () => {
    const api = withFaults("truncated=broken,index=1", "truncated=clean,index=2");
    const whole = await create(api);
    await expect(api.send("GET", `/api/apps/${whole.uuid}`)).rejects.toThrow("terminated");
    const clean = await api.send("GET", `/api/apps/${whole.uuid}`);
    expect([clean.status, clean.text]).toEqual([200, whole.text.slice(0, Math.floor(whole.text.length / 2))]);
  });

  it("that cuts an answer without a body loses it", async () => {
    const api = withFaults("truncated=clean,method=DELETE");
    const { uuid } = await create(api);
    await expect(api.send("DELETE", `/api/apps/${uuid}`)).rejects.toThrow(TypeError);
    expect(await countApps(api)).toBe(0);
  });

  it("lets a body trickle in, and all of it arrives", async () => {
    const api = withFaults("slow-body=8,index=1");
    const { uuid, text } = await create(api);
    expect((await api.send("GET", `/api/apps/${uuid}`)).text).toBe(text);
  });

  it("hits the requests that it names and no others", async () => {
    const api = withFaults("status=500,method=GET,path=/api/apps/*,nth=2", "status=503,path=/api/**/entries");
    const { uuid } = await create(api);
    const get = async (path: string) => (await api.send("GET", path)).status;
    const statuses = [
      await get("/api/apps"),
      await get(`/api/apps/${uuid}`),
      await get(`/api/apps/${uuid}`),
      await get(`/api/apps/${uuid}`),
    ];
    expect(statuses).toEqual([200, 200, 500, 200]);
    expect(await get(`/api/datasources/${uuid}/entries`)).toBe(503);
  });

  it("counts every request since the start by index, refused ones too", async () => {
    const api = withFaults("status=500,index=2-3");
    const get = async (path: string) => (await api.send("GET", path)).status;
    expect([
      await get("/none"),
      await get("/api/apps"),
      await get("/none"),
      await get("/api/apps"),
      await get("/api/apps"),
    ]).toEqual([404, 200, 500, 500, 200]);
  });

  it("stops after so many times", async () => {
    const api = withFaults("status=500,times=2");
    const statuses = [await create(api), await create(api), await create(api)].map(({ status }) => status);
    expect(statuses).toEqual([500, 500, 201]);
  });

  it("by chance repeats itself with the same seed", async () => {
    const hits = async (spec: string) => {
      const api = withFaults(spec);
      const answers = [];
      for (let i = 0; i < 40; i += 1) answers.push((await api.send("GET", "/api/apps")).status);
      return answers.join();
    };
    expect(await hits("status=500,probability=0.5,seed=1")).toBe(await hits("status=500,probability=0.5,seed=1"));
    expect(await hits("status=500,probability=0.5,seed=1")).not.toBe(await hits("status=500,probability=0.5,seed=2"));
    expect(await hits("status=500,probability=0")).not.toContain("500");
    expect(await hits("status=500,probability=1")).not.toContain("200");
  });

  it("never hits before the write and after it both: the first in the list wins", async () => {
    const api = withFaults("latency=1", "status=500,when=after", "lost=after");
    expect((await create(api)).status).toBe(500);
    expect(await countApps(withFaults("latency=1"))).toBe(0);
  });
});

describe("new entries", () => {
  const setUp = async (options: Partial<ServerOptions>) => {
    const api = startServer(options);
    const { uuid } = await api.send("POST", "/api/datasources", { name: "d", type: "text" });
    const path = `/api/datasources/${uuid}/entries`;
    const add = () => api.send("POST", path, { entry_data: { name: "e", content: "" } });
    const statuses = async () =>
      ((await api.send("GET", path)).json as { status: string }[]).map(({ status }) => status);
    return { add, statuses };
  };

  it("stay PROCESSING for as many reads as asked", async () => {
    const { add, statuses } = await setUp({ faults: [parseFault("entry=PROCESSING:2,nth=1")] });
    expect((await add()).json).toMatchObject({ status: "PROCESSING" });
    expect((await add()).json).toMatchObject({ status: "READY" });
    expect([await statuses(), await statuses(), await statuses()]).toEqual([
      ["PROCESSING", "READY"],
      ["PROCESSING", "READY"],
      ["READY", "READY"],
    ]);
  });

  it("fail, or hang for ever", async () => {
    const { add, statuses } = await setUp({
      faults: [parseFault("entry=FAILED,nth=1"), parseFault("entry=PROCESSING,nth=2")],
    });
    await add();
    await add();
    expect([await statuses(), await statuses()]).toEqual([
      ["FAILED", "PROCESSING"],
      ["FAILED", "PROCESSING"],
    ]);
  });
});

describe("latency", () => {
  it("of one request ends when the caller gives up, with the caller's reason and nothing written", async () => {
    const api = withFaults("latency=60000");
    const giveUp = new AbortController();
    const request = new Request("http://llmstack.test/api/apps", { method: "POST", signal: giveUp.signal });
    const answer = api.server.handle(request);
    const reason = new Error("enough");
    giveUp.abort(reason);
    await expect(answer).rejects.toBe(reason);
    expect(api.server.journal()).toMatchObject([{ status: 0, committed: false }]);
  });

  it("of every request keeps back the answer, not the work", async () => {
    const api = startServer({ latencyMs: 60_000 });
    const giveUp = new AbortController();
    const request = new Request("http://llmstack.test/api/apps", {
      method: "POST",
      headers: { authorization: `Token ${api.server.token}`, "content-type": "application/json" },
      body: JSON.stringify({ name: "Bot", type_slug: "web", processors: [] }),
      signal: giveUp.signal,
    });
    const answer = api.server.handle(request);
    await expect.poll(() => api.server.journal()).toMatchObject([{ status: 201, committed: true }]);
    giveUp.abort(new Error("enough"));
    await expect(answer).rejects.toThrow("enough");
  });
});
