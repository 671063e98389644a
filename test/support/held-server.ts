import { setTimeout } from "node:timers/promises";
import type { ServerOptions } from "../../src/server/create-server.ts";
import { createServer, type ReferenceServer } from "../../src/server/create-server.ts";
import { listen } from "../../src/server/listen.ts";
import { TOKEN } from "./server-requests.ts";

/** An LLMStack server that keeps requests waiting where it is told, and sees how many are under way at once. */
export interface HeldServer {
  readonly url: string;
  readonly server: ReferenceServer;
  /** Keeps the next such request waiting, before the server has it. */
  hold(method: string, path: RegExp): Held;
  /** So long every request takes from now on. */
  pace(ms: number): void;
  /** The most requests about single objects, writes all, that were ever under way at once. */
  most(): number;
  close(): Promise<void>;
}

interface Held {
  /** Resolves when such a request has come. */
  readonly reached: Promise<void>;
  release(): void;
}

interface Hold {
  readonly method: string;
  readonly path: RegExp;
  readonly reached: PromiseWithResolvers<void>;
  readonly released: PromiseWithResolvers<void>;
}

export async function heldServer(options: Partial<ServerOptions> = {}): Promise<HeldServer> {
  const server = createServer({ dialect: "doc", token: TOKEN, ...options });
  const holds: Hold[] = [];
  let paceMs = 0;
  let current = 0;
  let most = 0;
  const handle = async (request: Request): Promise<Response> => {
    const { pathname } = new URL(request.url);
    const index = holds.findIndex(({ method, path }) => method === request.method && path.test(pathname));
    const [hold] = index < 0 ? [] : holds.splice(index, 1);
    hold?.reached.resolve();
    await hold?.released.promise;
    const isOfOne = request.method !== "GET" || /[0-9a-f-]{36}/u.test(pathname);
    current += isOfOne ? 1 : 0;
    most = Math.max(most, current);
    try {
      await setTimeout(paceMs);
      return await server.handle(request);
    } finally {
      current -= isOfOne ? 1 : 0;
    }
  };
  const listening = await listen({ ...server, handle }, { host: "127.0.0.1", port: 0 });
  return {
    url: listening.url,
    server,
    hold: (method, path) => {
      const hold = { method, path, reached: Promise.withResolvers<void>(), released: Promise.withResolvers<void>() };
      holds.push(hold);
      return { reached: hold.reached.promise, release: () => hold.released.resolve() };
    },
    pace: (ms) => {
      paceMs = ms;
    },
    most: () => most,
    close: async () => {
      for (const { released } of holds) released.resolve();
      await listening.close();
      server.close();
    },
  };
}
