import { Counter, Registry } from "prom-client";
import { describe, expect, it, onTestFinished } from "vitest";
import { healthRoutes, listen, metricsRoutes } from "../../src/operator/health.ts";

const well = { name: "cache apps", problem: () => undefined };
const ill = { name: "watch apps", problem: () => "nothing was heard for 400 s" };

async function answer(routes: ReturnType<typeof healthRoutes>, path: string): Promise<readonly [number, string]> {
  const response = await routes.request(path);
  return [response.status, await response.text()];
}

describe("the operator's probes", () => {
  it("are well when every check is", async () => {
    const routes = healthRoutes({ alive: [well], ready: [well] });
    expect(await answer(routes, "/healthz")).toEqual([200, "ok\n"]);
    expect(await answer(routes, "/readyz?verbose")).toEqual([200, "ok   cache apps\nok\n"]);
  });

  it("say what is wrong, each of them for itself", async () => {
    const routes = healthRoutes({ alive: [well, ill], ready: [well] });
    expect(await answer(routes, "/healthz")).toEqual([503, "FAIL watch apps nothing was heard for 400 s\nnot ok\n"]);
    expect(await answer(routes, "/readyz")).toEqual([200, "ok\n"]);
  });

  it("and the metrics are served over HTTP, as Prometheus reads them", async () => {
    const registry = new Registry();
    new Counter({ name: "things_total", help: "Things.", registers: [registry] }).inc(3);
    const server = await listen(metricsRoutes(registry), { host: "127.0.0.1", port: 0 });
    onTestFinished(() => server.close());
    const response = await fetch(`${server.url}/metrics`);
    expect(response.headers.get("content-type")).toContain("text/plain");
    expect(await response.text()).toContain("things_total 3");
  });

  it("say where they could not listen", async () => {
    const registry = new Registry();
    const first = await listen(metricsRoutes(registry), { host: "127.0.0.1", port: 0 });
    onTestFinished(() => first.close());
    const port = Number(new URL(first.url).port);
    await expect(listen(metricsRoutes(registry), { host: "127.0.0.1", port })).rejects.toThrow(
      `cannot listen on 127.0.0.1:${port}`,
    );
  });
});
