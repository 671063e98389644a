import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { createServer } from "../../src/server/create-server.ts";
import { listen } from "../../src/server/listen.ts";
import { byHand } from "../support/llmstack-by-hand.ts";
import {
  appDocument,
  isReadyNow,
  type Namespace,
  type OperatorWorld,
  reasonIs,
  serverDocument,
  startOperatorWorld,
} from "../support/operator-world.ts";
import { TOKEN } from "../support/server-requests.ts";

let world: OperatorWorld;

beforeAll(async () => {
  world = await startOperatorWorld();
  await world.startOperator();
});

afterAll(() => world.close());

type Answer = () => Response | Promise<Response>;

interface Sick {
  readonly url: string;
  /** The answer to everything, to writes alone, or the server's own. */
  answer(to: "everything" | "writes" | "nothing", answer?: Answer): void;
}

async function sickServer(): Promise<Sick> {
  const server = createServer({ dialect: "doc", token: TOKEN });
  let to: "everything" | "writes" | "nothing" = "nothing";
  let answer: Answer = () => new Response(null);
  const handle = async (request: Request): Promise<Response> => {
    const isWrite = request.method !== "GET" && request.method !== "OPTIONS";
    return to === "everything" || (to === "writes" && isWrite) ? answer() : server.handle(request);
  };
  const listening = await listen({ ...server, handle }, { host: "127.0.0.1", port: 0 });
  onTestFinished(async () => {
    await listening.close();
    server.close();
  });
  return {
    url: listening.url,
    answer: (whom, next = answer) => {
      to = whom;
      answer = next;
    },
  };
}

function status(code: number): Answer {
  const headers = { "content-type": "application/json", ...(code === 429 && { "retry-after": "1" }) };
  return () => new Response(JSON.stringify({ detail: "No." }), { status: code, headers });
}

const html: Answer = () =>
  new Response("<html><body>Sign in</body></html>", { headers: { "content-type": "text/html" } });
/** Nobody waits so long: the Server says how long that is. */
const never: Answer = () => Promise.withResolvers<Response>().promise;

async function ready(space: Namespace): Promise<void> {
  await space.until("Server/default", ({ condition }) => condition("Ready").status === "True");
  await space.until("App/bot", isReadyNow);
}

describe("a server that answers nothing but", () => {
  it.each([
    { name: "401", answer: status(401), server: "AuthFailed", app: "AuthFailed" },
    // A server of the documented API says so to a token that it does not know.
    { name: "403", answer: status(403), server: "AuthFailed", app: "AuthFailed" },
    { name: "404", answer: status(404), server: "Unsupported", app: "ServerNotReady" },
    { name: "429", answer: status(429), server: "Unreachable", app: "ServerUnavailable" },
    { name: "503", answer: status(503), server: "Unreachable", app: "ServerUnavailable" },
    { name: "silence", answer: never, server: "Unreachable", app: "ServerUnavailable" },
    { name: "pages", answer: html, server: "Unreachable", app: "ServerUnavailable" },
  ])("$name is $server, what is on it is $app, and both are well when it is", async ({ name, answer, server, app }) => {
    const sick = await sickServer();
    const space = await world.namespace(`only-${name}`, serverDocument(sick.url, { timeout: "1s" }));
    await space.apply(appDocument("bot"));
    await ready(space);
    sick.answer("everything", answer);
    await space.annotate("Server/default", "llmstack.ai/reconcile-requested-at", "one");
    await space.until("Server/default", reasonIs(server));
    await space.apply(appDocument("bot", { welcome_message: "New" }));
    await space.until("App/bot", reasonIs(app));
    sick.answer("nothing");
    await space.annotate("Server/default", "llmstack.ai/reconcile-requested-at", "two");
    await ready(space);
    expect(await byHand(sick.url).names("apps")).toEqual(["bot"]);
  });
});

describe("a write that is answered with", () => {
  it.each([
    { name: "401", answer: status(401), app: "AuthFailed" },
    { name: "403", answer: status(403), app: "AuthFailed" },
    { name: "404", answer: status(404), app: "Rejected" },
    { name: "409", answer: status(409), app: "Rejected" },
    { name: "429", answer: status(429), app: "ServerUnavailable" },
    { name: "500", answer: status(500), app: "CreateUnknown" },
    { name: "silence", answer: never, app: "CreateUnknown" },
    { name: "a page", answer: html, app: "CreateUnknown" },
  ])("$name is $app, and is made up for when that is over", async ({ name, answer, app }) => {
    const sick = await sickServer();
    sick.answer("writes", answer);
    const space = await world.namespace(`write-${name.replace(" ", "-")}`, serverDocument(sick.url, { timeout: "1s" }));
    await space.apply(appDocument("bot", {}, { retryInterval: "1s" }));
    await space.until("App/bot", reasonIs(app));
    sick.answer("nothing");
    // What was refused waits for a change, or for somebody who asks.
    await space.annotate("App/bot", "llmstack.ai/reconcile-requested-at", "again");
    await ready(space);
    expect(await byHand(sick.url).names("apps")).toEqual(["bot"]);
  });
});
