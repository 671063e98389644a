import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Connection } from "../client/connect.ts";
import { SyncError } from "../model/errors.ts";
import type { FlagValues } from "./flag-values.ts";
import { given } from "./given.ts";
import type { Io } from "./io.ts";
import type { Log } from "./log.ts";
import * as options from "./options/server.ts";
import type { Settings } from "./settings.ts";
import { findToken } from "./token.ts";

export interface OpenServer {
  readonly connection: Connection;
  /** For the first line of a plan. */
  readonly label: string;
  /** The same for everybody on this machine who means the same server: locks are named by it. */
  readonly identity: string;
  close(): void;
}

interface ServerSetup {
  readonly settings: Settings;
  readonly flags: FlagValues;
  readonly io: Io;
  readonly log: Log;
}

const EMBEDDED = "embedded";
const DEFAULT_TIMEOUT_MS = 30_000;

/** The server that the settings name, with its token; `embedded` is made here. Throws SyncError: usage, auth, refused. */
export async function openServer(setup: ServerSetup): Promise<OpenServer> {
  const { settings, flags } = setup;
  const server = settings.find(options.server);
  if (server === undefined) {
    throw new SyncError("usage", "no server named", {
      remedy: `--server URL, LLMSTACK_SERVER, or server: in llmstack-sync.yaml
--server embedded --data state.sqlite tries things out without one`,
    });
  }
  if (server.value === EMBEDDED) return openEmbedded(setup);
  if (flags.get(options.data) !== undefined) {
    throw new SyncError("usage", "--data is for the embedded server alone", { remedy: "add --server embedded" });
  }
  const caFile = settings.path(options.caFile);
  const token = await findToken(server, setup);
  const connection = {
    url: server.value,
    token,
    ...commonSettings(settings),
    ...given("hostHeader", settings.get(options.hostHeader)),
    ...given("ca", caFile === undefined ? undefined : await readCa(caFile)),
  };
  return {
    connection,
    label: server.value,
    identity: new URL(server.value).href.replace(/\/+$/u, ""),
    close: () => undefined,
  };
}

/** The reference server in this process: reached without a socket, with a token of its own. */
async function openEmbedded({ settings, flags, io, log }: ServerSetup): Promise<OpenServer> {
  const [{ createServer }, { serverDialect }] = await Promise.all([
    import("../server/create-server.ts"),
    import("./server-dialect.ts"),
  ]);
  const data = flags.get(options.data);
  const dialect = serverDialect(settings.get(options.dialect));
  const path = data === undefined ? undefined : resolve(io.cwd, data);
  const server = createServer({ dialect, ...given("data", path) });
  if (path === undefined) {
    log.info("The embedded server starts empty and is gone after this command; --data FILE keeps its state.");
  }
  return {
    connection: {
      url: "http://embedded",
      token: server.token,
      transport: (request) => server.handle(request),
      ...commonSettings(settings),
    },
    label: data === undefined ? EMBEDDED : `${EMBEDDED} (${data})`,
    identity: path === undefined ? `${EMBEDDED}:${process.pid}` : `${EMBEDDED}:${path}`,
    close: () => server.close(),
  };
}

function commonSettings(settings: Settings): { readonly timeoutMs: number; readonly dialect?: string } {
  return {
    timeoutMs: settings.get(options.timeout) ?? DEFAULT_TIMEOUT_MS,
    ...given("dialect", settings.get(options.dialect)),
  };
}

async function readCa(path: string): Promise<string> {
  return readFile(path, "utf8").catch((error: Error) => {
    throw new SyncError("usage", `cannot read the CA file ${path}: ${error.message}`, { cause: error });
  });
}
