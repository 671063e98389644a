import type { JsonObject } from "../../src/model/json.ts";
import { createServer, type ReferenceServer } from "../../src/server/create-server.ts";
import type { JournalEntry } from "../../src/server/journal.ts";
import { listen } from "../../src/server/listen.ts";
import { TOKEN } from "./server-requests.ts";

/** An LLMStack server on a port of its own, and a way to stand between it and whoever asks. */
export interface HookedServer {
  readonly server: ReferenceServer;
  readonly url: string;
  /** From now on it has every request, and `handle` to let the server handle it; where it throws, the connection breaks. */
  intercept(hook: Intercept): void;
  /** What is there, as its API lists it; not seen by the hook. */
  list(path: string): Promise<readonly JsonObject[]>;
  /** Requests that changed something, so far. */
  writes(): readonly JournalEntry[];
  close(): Promise<void>;
}

type Intercept = (request: Request, handle: () => Promise<Response>) => Promise<Response>;

export async function startHookedServer(options: Parameters<typeof createServer>[0]): Promise<HookedServer> {
  const server = createServer({ ...options, token: TOKEN });
  let hook: Intercept = (_, handle) => handle();
  const hooked = {
    ...server,
    handle: (request: Request): Promise<Response> => hook(request, () => server.handle(request)),
  };
  const listening = await listen(hooked, { host: "127.0.0.1", port: 0 });
  return {
    server,
    url: listening.url,
    intercept: (next) => {
      hook = next;
    },
    list: async (path) => {
      const headers = { authorization: `Token ${TOKEN}` };
      const answer = await server.handle(new Request(`${listening.url}/api/${path}`, { headers }));
      return (await answer.json()) as readonly JsonObject[];
    },
    writes: () => server.journal().filter(({ method }) => method !== "GET" && method !== "OPTIONS"),
    close: async () => {
      await listening.close();
      server.close();
    },
  };
}
