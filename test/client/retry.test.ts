import { describe, expect, it } from "vitest";
import { readRetryAfter } from "../../src/client/refusal.ts";
import { patiently } from "../../src/client/retry.ts";
import { ApiError, SyncError } from "../../src/model/errors.ts";
import { app, anAppDraft, UUID } from "../support/client-builders.ts";
import { type Behaviour, clientOf, json, NEVER, page, rejection, wireServer } from "../support/wire-server.ts";

/** Fails the first requests, one after the other, then works. */
function afterFailures(...failures: readonly Behaviour[]): Behaviour {
  const left = [...failures];
  return (request, response) => {
    const fail = left.shift();
    if (fail !== undefined) fail(request, response);
    else if (request.method === "DELETE") response.writeHead(204).end();
    else json(response, 200, []);
  };
}

const statuses = (...codes: readonly number[]): Behaviour => afterFailures(...codes.map(failWith));
const failWith =
  (status: number): Behaviour =>
  (_, response) =>
    page(response, status);

describe("patience", () => {
  it.each([
    ["502, 503 and 504", statuses(502, 503, 504)],
    ["429", statuses(429)],
    ["a lost answer", afterFailures((_, response) => response.destroy())],
    [
      "an answer cut short",
      afterFailures((_, response) => response.writeHead(200, { "content-type": "application/json" }).end("[")),
    ],
  ])("a list survives %s", async (_, behaviour) => {
    const { url, seen } = await wireServer(behaviour);
    const client = await clientOf(url);
    expect((await client.list(app, NEVER)).items).toEqual([]);
    expect(client.requestCount()).toBe(seen.length);
    expect(seen.length).toBeGreaterThan(1);
  });

  it("a delete survives a lost answer, and finds what it asked for done", async () => {
    const { url, seen } = await wireServer(
      afterFailures(
        (_, response) => response.destroy(),
        (_, response) => json(response, 404, { detail: "Not found." }),
      ),
    );
    const client = await clientOf(url);
    expect(await client.delete(app, UUID, NEVER)).toBe("absent");
    expect(seen.map(({ method }) => method)).toEqual(["DELETE", "DELETE"]);
  });

  it.each([400, 403, 404, 500, 501])("a list is not asked for again after a %i", async (status) => {
    const { url, seen } = await wireServer(statuses(status));
    const client = await clientOf(url);
    await rejection(client.list(app, NEVER));
    expect(seen).toHaveLength(1);
  });

  it.each([429, 502, 503])("a create is sent once, whatever the answer: %i", async (status) => {
    const { url, seen } = await wireServer(statuses(status));
    const client = await clientOf(url);
    await rejection(client.create(app, anAppDraft(), NEVER));
    expect(seen).toHaveLength(1);
  });

  it("a wait that the server asks for is kept", async () => {
    let isOver = false;
    const attempt = (): Promise<string> => {
      if (isOver) return Promise.resolve("done");
      setTimeout(() => {
        isOver = true;
      }, 100);
      return Promise.reject(new ApiError("rate_limited", "wait", 429, { isRetryable: true, retryAfterMs: 200 }));
    };
    expect(await patiently({ budgetMs: 60_000, attempts: 2, firstDelayMs: 1 }, NEVER, attempt)).toBe("done");
  });

  it("a wait beyond the budget fails at once and says how long the server asks for", async () => {
    const { url, seen } = await wireServer((_, response) => response.writeHead(429, { "retry-after": "3600" }).end());
    const client = await clientOf(url);
    const error = await rejection(client.list(app, NEVER));
    expect(error).toMatchObject({ class: "rate_limited", retryAfterMs: 3_600_000, isRetryable: true });
    expect(error.message).toContain("asks to wait 3600 s");
    expect(seen).toHaveLength(1);
  });

  it("the budget ends it, with the last error", async () => {
    let tries = 0;
    const failing = patiently({ budgetMs: 50, attempts: 1_000, firstDelayMs: 5 }, NEVER, () => {
      tries += 1;
      return Promise.reject(new ApiError("server_error", `try ${tries}`, 503, { isRetryable: true }));
    });
    const error = await rejection(failing);
    expect(error.message).toBe(`try ${tries}`);
    expect(tries).toBeGreaterThan(1);
    expect(tries).toBeLessThan(10);
  });

  it("a pause ends with the signal's own reason", async () => {
    const stop = new AbortController();
    const reason = new Error("stopped by a test");
    const waiting = patiently({ budgetMs: 1e9, attempts: 9, firstDelayMs: 1e8 }, stop.signal, () => {
      setImmediate(() => stop.abort(reason));
      return Promise.reject(new SyncError("unreachable", "down", { isRetryable: true }));
    });
    await expect(waiting).rejects.toBe(reason);
  });
});

describe("Retry-After", () => {
  const now = Date.parse("2024-05-01T00:00:00Z");

  it.each([
    ["120", 120_000],
    [" 1.5 ", 1_500],
    ["Wed, 01 May 2024 00:01:00 GMT", 60_000],
    ["Tue, 30 Apr 2024 00:00:00 GMT", 0],
    ["soon", undefined],
    [null, undefined],
  ])("%j means %j milliseconds", (header, milliseconds) => {
    expect(readRetryAfter(header, now)).toBe(milliseconds);
  });
});
