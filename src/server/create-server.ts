import { randomBytes, randomUUID } from "node:crypto";
import { checkToken, type CheckToken } from "./auth.ts";
import { BrokenRequest } from "./body/read-body.ts";
import { createStamps } from "./clock.ts";
import { createCountdown } from "./countdown.ts";
import { dialects, type DialectName } from "./dialects/dialects.ts";
import type { AccountOptions } from "./dialects/real/account/accounts.ts";
import { openReal, type RealDialect } from "./dialects/real/real-dialect.ts";
import { causeFaults, connectionLost, fateOf, wait } from "./faults/cause-faults.ts";
import { chooseFaults } from "./faults/choose-faults.ts";
import type { Fault } from "./faults/faults.ts";
import { createJournal, type JournalEntry, type JournalRecord } from "./journal.ts";
import { type Exchange, mount } from "./mount.ts";
import { withSchemaRoute } from "./openapi.ts";
import { empty, json } from "./respond.ts";
import type { Dialect } from "./route.ts";
import { openMemory } from "./store/memory.ts";
import { openSqlite } from "./store/sqlite.ts";
import { recordWrites, type Store } from "./store/store.ts";

export interface ServerOptions {
  readonly dialect: DialectName;
  /** What clients must present. Made up when absent. */
  readonly token?: string;
  /** A SQLite file that outlives the server. Absent: everything is kept in memory. */
  readonly data?: string;
  readonly faults?: readonly Fault[];
  /** From the arrival of a request to its answer, in milliseconds, unless the work itself takes longer. */
  readonly latencyMs?: number;
  readonly journal?: JournalOptions;
  readonly now?: () => Date;
  readonly uuid?: () => string;
  /** Of the real dialects: which release of theirs, `v0.2.3` say. Default: the last one. */
  readonly release?: string;
  /** Of the real dialects: who has a token and an organisation. The first one's token is the server's. */
  readonly accounts?: readonly AccountOptions[];
  /** Of the real dialects: the names that a Host header may have; others get 400. Default: any. */
  readonly allowedHosts?: readonly string[];
  /** Of the real dialects: `nginx` refuses bodies over 1 MiB with 413. Default `none`. */
  readonly proxy?: "none" | "nginx";
}

interface JournalOptions {
  /** `parsed` keeps the bodies themselves, which may hold secrets. Default `digest`. */
  readonly bodies?: "digest" | "parsed";
  /** `on` also answers it at GET /__journal, which is not of LLMStack's API; needs the token. Default `off`. */
  readonly endpoint?: "on" | "off";
  /** How many of the last requests are kept. Default 100,000. */
  readonly limit?: number;
}

/** An LLMStack look-alike: a function from requests to answers. `listen` puts it on a port. */
export interface ReferenceServer {
  /**
   * Answers one request. Rejects with a TypeError, as `fetch` does, where a fault breaks the connection, and with the
   * signal's reason when the request is aborted while it waits.
   */
  handle(request: Request): Promise<Response>;
  readonly token: string;
  /** Every request so far, in the order of arrival. */
  journal(): readonly JournalEntry[];
  /** Closes the data file; every later request finds the connection lost. */
  close(): void;
}

const JOURNAL_PATH = "/__journal";

/** Throws SyncError `usage` when the data file cannot be used. */
export function createServer(options: ServerOptions): ReferenceServer {
  const { latencyMs = 0, now = () => new Date() } = options;
  const token = options.accounts?.[0]?.token ?? options.token ?? randomBytes(20).toString("hex");
  const dialect = dialects[options.dialect];
  const check = checkToken(token);
  const store = options.data === undefined ? openMemory() : openSqlite(options.data, dialect.name);
  const shared = { stamp: createStamps(now), uuid: options.uuid ?? randomUUID, processing: createCountdown() };
  const handleRequest = requestHandler(dialect, { ...options, token }, store, shared.stamp);
  const journal = createJournal(options.journal?.limit ?? 100_000);
  const choose = chooseFaults(options.faults ?? []);
  let isClosed = false;

  const handle = async (request: Request): Promise<Response> => {
    if (isClosed) throw connectionLost();
    const arrivedAt = performance.now();
    const { pathname, search } = new URL(request.url);
    if (options.journal?.endpoint === "on" && pathname === JOURNAL_PATH) {
      return answerJournal(request, check, journal.entries());
    }
    const effects = choose({ index: journal.count(), method: request.method, path: pathname });
    const record = journal.open(
      request.method,
      pathname + search,
      effects.map(({ kind }) => kind),
    );
    const response = await causeFaults(
      effects,
      async () => {
        const recorder = recordWrites(store);
        const exchange = { ...shared, store: recorder, fate: fateOf(effects), ...notes(record, options.journal) };
        const answer = await handleRequest(request, exchange).catch(asLost);
        record.committed = recorder.hasWritten();
        return answer;
      },
      request,
    );
    record.status = response.status;
    await wait(Math.max(0, Math.round(latencyMs - (performance.now() - arrivedAt))), request);
    return response;
  };

  return {
    handle,
    token,
    journal: journal.entries,
    close: () => {
      if (!isClosed) store.close();
      isClosed = true;
    },
  };
}

type Handle = (request: Request, exchange: Exchange) => Promise<Response>;

/** The documented API is a table of routes with a document about itself; real servers are played view by view. */
function requestHandler(
  dialect: Dialect | RealDialect,
  options: ServerOptions & { readonly token: string },
  store: Store,
  stamp: () => string,
): Handle {
  if ("releases" in dialect) return openReal(dialect, options, store, stamp).handle;
  const app = mount(dialect, withSchemaRoute(dialect), checkToken(options.token));
  return async (request, exchange) => app.fetch(request, exchange);
}

function asLost(error: unknown): never {
  throw error instanceof BrokenRequest ? connectionLost(error.cause) : error;
}

function notes(record: JournalRecord, options: JournalOptions = {}): Pick<Exchange, "noteBody" | "noteDefect"> {
  return {
    noteBody: ({ value, bytes, sha256 }) => {
      record.body = { bytes, sha256, ...(options.bodies === "parsed" && { parsed: value }) };
    },
    noteDefect: (error) => {
      record.defect = error instanceof Error ? (error.stack ?? error.message) : String(error);
    },
  };
}

function answerJournal(request: Request, check: CheckToken, entries: readonly JournalEntry[]): Response {
  const detail = check(request.headers.get("authorization"));
  if (detail !== undefined) return json(403, { detail });
  if (request.method !== "GET") return empty(405, { allow: "GET" });
  return new Response(JSON.stringify(entries), { headers: { "content-type": "application/json" } });
}
