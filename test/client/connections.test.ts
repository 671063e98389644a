import { createServer } from "node:net";
import { inspect } from "node:util";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { app, anAppDraft, UUID } from "../support/client-builders.ts";
import { clientOf, json, NEVER, rejection, TOKEN, wireServer } from "../support/wire-server.ts";
import { AUTHORITY, SERVER } from "../support/test-certificates.ts";

/** A port where nothing listens any more. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}

describe("a connection that fails", () => {
  it("a refused connection is unreachable, also for a create: nothing was sent", async () => {
    const client = await clientOf(`http://127.0.0.1:${await closedPort()}`, { retryBudgetMs: 100 });
    const failures = [
      client.list(app, NEVER),
      client.create(app, anAppDraft(), NEVER),
      client.delete(app, UUID, NEVER),
    ];
    const errors = await Promise.all(failures.map((failure) => rejection(failure)));
    expect(errors).toMatchObject(
      Array.from({ length: 3 }, () => ({ class: "unreachable", isRetryable: true, status: 0 })),
    );
    expect(errors[1]?.message).toMatch(
      /^POST \/api\/apps could not reach http:\/\/127.*: the connection was refused: nothing listens there \(connect ECONNREFUSED/u,
    );
  });

  it("an unknown host name is said at once", async () => {
    const client = await clientOf("http://no-such-host.invalid", { retryBudgetMs: 60_000 });
    const error = await rejection(client.list(app, NEVER));
    expect(error).toMatchObject({ class: "unreachable", isRetryable: false });
    expect(error.message).toContain("the host name is not known (DNS)");
  });

  it("a server that is silent for longer than the time-out leaves a create ambiguous and a read unreachable", async () => {
    const { url, seen } = await wireServer(() => {});
    const client = await clientOf(url, { timeoutMs: 200, retryBudgetMs: 0 });
    const [created, listed] = await Promise.all([
      rejection(client.create(app, anAppDraft(), NEVER)),
      rejection(client.list(app, NEVER)),
    ]);
    expect(created).toMatchObject({ class: "ambiguous_write", isRetryable: false });
    expect(created.message).toContain("it stayed silent for longer than the time-out");
    expect(listed).toMatchObject({ class: "unreachable" });
    expect(seen.filter(({ method }) => method === "POST")).toHaveLength(1);
  });

  it("a server that falls silent within its answer has given no list", async () => {
    const { url } = await wireServer((_, response) => {
      response.writeHead(200, { "content-type": "application/json" }).write("[");
    });
    const client = await clientOf(url, { timeoutMs: 200, retryBudgetMs: 0 });
    const error = await rejection(client.list(app, NEVER));
    expect(error).toMatchObject({ class: "incomplete_read", status: 200 });
    expect(error.message).toContain("the answer broke off: it stayed silent");
  });

  it("an answer that is lost leaves a create ambiguous, and it is not sent again", async () => {
    const { url, seen } = await wireServer((_, response) => response.destroy());
    const client = await clientOf(url);
    const error = await rejection(client.create(app, anAppDraft(), NEVER));
    expect(error).toMatchObject({ class: "ambiguous_write", isRetryable: false, status: 0 });
    expect(error.message).toMatch(/^POST \/api\/apps got no answer from .*: the connection broke/u);
    expect(seen).toHaveLength(1);
  });

  it("an answer that breaks off leaves a create ambiguous", async () => {
    const { url } = await wireServer((_, response) => {
      response.writeHead(201, { "content-type": "application/json", "content-length": "100" }).write("{");
      setImmediate(() => response.destroy());
    });
    const client = await clientOf(url);
    expect(await rejection(client.create(app, anAppDraft(), NEVER))).toMatchObject({ class: "ambiguous_write" });
  });

  it("what fires the signal ends a request with the signal's own reason", async () => {
    const stop = new AbortController();
    const reason = new Error("stopped by a test");
    const { url } = await wireServer(() => stop.abort(reason));
    const client = await clientOf(url);
    await expect(client.list(app, stop.signal)).rejects.toBe(reason);
    await expect(client.create(app, anAppDraft(), stop.signal)).rejects.toBe(reason);
  });
});

describe("TLS", () => {
  it("a certificate of an unknown authority is explained, and accepted with the authority's own", async () => {
    const { url } = await wireServer((_, response) => json(response, 200, []), SERVER);
    const stranger = await clientOf(url, { retryBudgetMs: 60_000 });
    const error = await rejection(stranger.create(app, anAppDraft(), NEVER));
    expect(error).toMatchObject({ class: "unreachable", isRetryable: false });
    expect(error).toMatchObject({ remedy: expect.stringContaining("--ca-file") as string });
    const friend = await clientOf(url, { ca: AUTHORITY });
    expect((await friend.list(app, NEVER)).items).toEqual([]);
  });

  it("another Host header does not change the name that the certificate has to bear", async () => {
    const { port, seen } = await wireServer((_, response) => json(response, 200, []), SERVER);
    const client = await clientOf(`https://localhost:${port}`, { ca: AUTHORITY, hostHeader: "llmstack.example.com" });
    expect((await client.list(app, NEVER)).items).toEqual([]);
    expect(seen[0]?.headers.host).toBe("llmstack.example.com");
  });

  it("https towards a server without it is explained", async () => {
    const { port } = await wireServer((_, response) => json(response, 200, []));
    const client = await clientOf(`https://127.0.0.1:${port}`, { retryBudgetMs: 60_000 });
    const error = await rejection(client.list(app, NEVER));
    expect(error).toMatchObject({ class: "unreachable" });
    expect(error.message).toContain("does not speak TLS");
  });

  it("a file without certificates is refused before anything is sent", async () => {
    await expect(clientOf("https://127.0.0.1:1", { ca: "nothing" })).rejects.toMatchObject({ class: "usage" });
  });
});

describe("what goes over the wire", () => {
  it("a Host header can be named, the token goes along, cookies never do", async () => {
    const { url, seen } = await wireServer((_, response) => {
      response.setHeader("set-cookie", "sessionid=abc; Path=/");
      json(response, 200, []);
    });
    const client = await clientOf(url, { hostHeader: "llmstack.example.com:8443" });
    await client.list(app, NEVER);
    await client.list(app, NEVER);
    const { headers } = seen[1] ?? { headers: {} };
    expect(headers).toMatchObject({
      host: "llmstack.example.com:8443",
      authorization: `Token ${TOKEN}`,
      accept: "application/json",
      "user-agent": "llmstack-sync",
    });
    expect(seen.flatMap((request) => Object.keys(request.headers))).not.toContain("cookie");
  });

  it("a body has a length, so that no server has to cope with chunks", async () => {
    const { url, seen } = await wireServer((_, response) => page404(response));
    const client = await clientOf(url);
    await rejection(client.create(app, anAppDraft({ description: "ü 😀" }), NEVER));
    const [{ headers, body } = { headers: {}, body: "" }] = seen;
    expect(headers["content-length"]).toBe(String(Buffer.byteLength(body)));
    expect(headers["transfer-encoding"]).toBeUndefined();
    expect(headers["content-type"]).toBe("application/yaml");
  });

  it("a proxy address that is none is refused without repeating it", async () => {
    vi.stubEnv("https_proxy", "proxy:hunter2@nowhere:port");
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });
    const error = await rejection(clientOf("https://llmstack.invalid"));
    expect(error).toMatchObject({ class: "usage" });
    expect(inspect(error)).not.toContain("hunter2");
  });

  it("a proxy of the environment is used, but never for this machine itself", async () => {
    const proxy = await wireServer((_, response) => json(response, 200, []));
    const server = await wireServer((_, response) => json(response, 200, []));
    vi.stubEnv("http_proxy", proxy.url);
    vi.stubEnv("no_proxy", "");
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });
    const [far, near] = await Promise.all([clientOf("http://llmstack.invalid"), clientOf(server.url)]);
    await far.list(app, NEVER);
    await near.list(app, NEVER);
    expect(proxy.seen.map(({ path }) => path)).toEqual(["http://llmstack.invalid/api/apps"]);
    expect(server.seen).toHaveLength(1);
  });
});

function page404(response: Parameters<typeof json>[0]): void {
  json(response, 404, { detail: "Not found." });
}

describe("redirects", () => {
  it("another origin never gets a request, let alone the token, and the error names it", async () => {
    const other = await wireServer((_, response) => json(response, 200, []));
    const { url } = await wireServer((_, response) => {
      response.writeHead(302, { location: `${other.url}/login?next=${TOKEN}` }).end();
    });
    const client = await clientOf(url);
    const error = await rejection(client.list(app, NEVER));
    expect(error).toMatchObject({ class: "unsupported_server", status: 302 });
    expect(error.message).toBe(`GET /api/apps answered 302: it points to ${other.url}/login`);
    expect(error).toMatchObject({ remedy: expect.stringContaining(`--server ${other.url}`) as string });
    expect(other.seen).toEqual([]);
  });

  it("a read follows a redirect within its origin, but not for ever", async () => {
    const { url, seen } = await wireServer(({ path }, response) => {
      if (path === "/moved") json(response, 200, []);
      else response.writeHead(301, { location: path === "/api/apps" ? "/moved" : "/loop" }).end();
    });
    const client = await clientOf(url);
    expect((await client.list(app, NEVER)).items).toEqual([]);
    const looping = await rejection(client.get(app, UUID, NEVER));
    expect(looping).toMatchObject({ class: "unsupported_server" });
    expect(seen).toHaveLength(6);
    expect(client.requestCount()).toBe(6);
  });

  it.each([301, 307, 308])("a write does not follow a %i", async (status) => {
    const { url, seen } = await wireServer((_, response) => {
      response.writeHead(status, { location: "/elsewhere" }).end();
    });
    const client = await clientOf(url);
    await expect(client.create(app, anAppDraft(), NEVER)).rejects.toMatchObject({ class: "unsupported_server" });
    await expect(client.delete(app, UUID, NEVER)).rejects.toMatchObject({ class: "unsupported_server" });
    expect(seen.map(({ path }) => path)).toEqual(["/api/apps", `/api/apps/${UUID}`]);
  });
});
