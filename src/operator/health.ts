import { createServer } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { Hono } from "hono";
import type { Registry } from "prom-client";
import { type ListenAddress, listenOn } from "../listen-on.ts";

/** One thing that is well, or why it is not. */
export interface Check {
  readonly name: string;
  /** Undefined when it is well. */
  problem(): string | undefined;
}

export interface HealthSetup {
  /** Whether a restart would help. */
  readonly alive: readonly Check[];
  /** Whether it works, or would at once if it led. */
  readonly ready: readonly Check[];
}

/** `/healthz` and `/readyz`: 200, or 503 with what is wrong; every check with `?verbose`. */
export function healthRoutes({ alive, ready }: HealthSetup): Hono {
  const answer = (checks: readonly Check[], isVerbose: boolean): Response => {
    const lines = checks.map((check) => ({ name: check.name, problem: check.problem() }));
    const isWell = lines.every(({ problem }) => problem === undefined);
    const shown = lines.filter(({ problem }) => isVerbose || problem !== undefined);
    const text = shown.map(
      ({ name, problem }) => `${problem === undefined ? "ok  " : "FAIL"} ${name} ${problem ?? ""}`,
    );
    return new Response(`${[...text.map((line) => line.trim()), isWell ? "ok" : "not ok"].join("\n")}\n`, {
      status: isWell ? 200 : 503,
      headers: { "content-type": "text/plain; charset=utf-8" },
    });
  };
  return new Hono()
    .get("/healthz", ({ req }) => answer(alive, req.query("verbose") !== undefined))
    .get("/readyz", ({ req }) => answer(ready, req.query("verbose") !== undefined));
}

/** `/metrics` as Prometheus reads it. */
export function metricsRoutes(registry: Registry): Hono {
  return new Hono().get("/metrics", async () => {
    const text = await registry.metrics();
    return new Response(text, { headers: { "content-type": registry.contentType } });
  });
}

export interface Listening {
  readonly url: string;
  close(): Promise<void>;
}

/** Throws SyncError `usage` when the address cannot be had. */
export async function listen(routes: Hono, at: ListenAddress): Promise<Listening> {
  const answer = getRequestListener((request) => routes.fetch(request), { overrideGlobalObjects: false });
  const { address, close } = await listenOn(
    createServer((incoming, outgoing) => void answer(incoming, outgoing)),
    at,
  );
  return { url: `http://${address}`, close };
}
