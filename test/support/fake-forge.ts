import { serve } from "@hono/node-server";
import { type Context, Hono } from "hono";
import type { AddressInfo } from "node:net";

/** Who speaks, by token. */
export interface ForgeUser {
  readonly id: number;
  readonly login: string;
  /** A fork's token reads and writes nothing. */
  readonly mayWrite: boolean;
}

export interface FakePull {
  readonly number: number;
  head: string;
  readonly base: string;
  state: "open" | "closed";
  mergeCommit?: string;
  mergedAt?: string;
}

export interface FakeText {
  readonly id: number;
  /** Of the pull request a comment is on; of an issue its own. */
  readonly number: number;
  body: string;
  readonly author: ForgeUser;
  isMinimised: boolean;
  /** Of issues. */
  state: "open" | "closed";
  readonly title?: string;
}

/** What a forge keeps, whatever its API looks like. */
export class ForgeState {
  readonly users = new Map<string, ForgeUser>();
  readonly pulls = new Map<number, FakePull>();
  readonly comments: FakeText[] = [];
  readonly issues: FakeText[] = [];
  /** `METHOD /path` of every request, without its query. */
  readonly requests: string[] = [];
  /** Every write of these answers a limit first, so many times. */
  limitNextWrites = 0;
  /** Seconds that the limit asks to wait; undefined: it names none. */
  retryAfter: string | undefined = "0";
  /** Where pages claim to go on. */
  nextPageHost: string | undefined;
  #ids = 1000;

  nextId(): number {
    this.#ids += 1;
    return this.#ids;
  }

  comment(number: number, author: ForgeUser, body: string): FakeText {
    const text: FakeText = { id: this.nextId(), number, body, author, isMinimised: false, state: "open" };
    this.comments.push(text);
    return text;
  }

  merge(number: number, commit: string): void {
    const pull = this.pulls.get(number);
    if (pull === undefined) throw new Error(`no pull request ${number}`);
    pull.state = "closed";
    pull.mergeCommit = commit;
    pull.mergedAt = new Date(Date.UTC(2026, 0, 1, 0, number)).toISOString();
  }
}

export interface FakeForge {
  readonly url: string;
  readonly state: ForgeState;
  close(): Promise<void>;
}

/** Serves an app on a free port of this machine, and notes what is asked. */
export async function serveForge(state: ForgeState, app: Hono): Promise<FakeForge> {
  const noting = new Hono();
  noting.use(async (context, next) => {
    state.requests.push(`${context.req.method} ${context.req.path}`);
    await next();
  });
  noting.route("/", app);
  const listening = Promise.withResolvers<AddressInfo>();
  const server = serve({ fetch: noting.fetch, hostname: "127.0.0.1", port: 0 }, listening.resolve);
  const { port } = await listening.promise;
  return {
    url: `http://127.0.0.1:${port}`,
    state,
    close: async () =>
      new Promise((resolve) => {
        server.close(() => resolve());
      }),
  };
}

/** One page of a list, 30 or what is asked, at most 100; `Link` leads to the next. */
export function page<Item>(
  context: Context,
  items: readonly Item[],
  host = new URL(context.req.url).origin,
): { readonly items: readonly Item[]; readonly headers: Record<string, string> } {
  const size = Math.min(100, Number(context.req.query("per_page") ?? context.req.query("limit") ?? 30));
  const number = Number(context.req.query("page") ?? 1);
  const { pathname, search } = new URL(context.req.url);
  const next = new URL(pathname + search, host);
  next.searchParams.set("page", String(number + 1));
  const hasMore = number * size < items.length;
  return {
    items: items.slice((number - 1) * size, number * size),
    headers: hasMore ? { link: `<${next.href}>; rel="next", <${next.href}>; rel="last"` } : {},
  };
}
