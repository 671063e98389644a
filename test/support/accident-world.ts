import { join } from "node:path";
import { isArray, isObject } from "../../src/model/json.ts";
import { createServer, type ReferenceServer, type ServerOptions } from "../../src/server/create-server.ts";
import { parseFault } from "../../src/server/faults/parse-fault.ts";
import { listen } from "../../src/server/listen.ts";
import { type CliResult, type CliSetup, folderWith, runCli } from "./cli-io.ts";
import { TOKEN } from "./cli-world.ts";

/** A folder, command lines, and a server that can be started again with the same address and the same data. */
export interface AccidentWorld {
  readonly folder: string;
  readonly url: string;
  /** Of the server that runs now. */
  journal(): ReturnType<ReferenceServer["journal"]>;
  /** Every write that the server which runs now was asked for, as `METHOD /path`, in the order of arrival. */
  writes(): readonly string[];
  /** Runs with LLMSTACK_SERVER, LLMSTACK_TOKEN and LLMSTACK_SET set; `env` adds to them. */
  run(line: string | readonly string[], setup?: Partial<CliSetup>): Promise<CliResult>;
  /** Somebody else's request, which is in no journal that a test reads: the server starts again behind it. */
  byHand(method: string, path: string, body?: unknown): Promise<unknown>;
  /** What a list answers, unseen by the journal. */
  live(path: string): Promise<readonly LiveItem[]>;
  /** Starts the server again: an empty journal, and these faults in place of earlier ones. */
  restart(faults?: readonly string[]): Promise<void>;
  path(name: string): string;
  close(): Promise<void>;
}

export interface LiveItem {
  readonly uuid: string;
  readonly name: string;
  readonly [field: string]: unknown;
}

export interface AccidentOptions extends Pick<ServerOptions, "latencyMs"> {
  readonly faults?: readonly string[];
  /** A proxy of its own mind before the server: what it answers in place of what the server would. */
  readonly distort?: (request: Request, handle: ReferenceServer["handle"]) => Promise<Response>;
}

export const SET = "shop";

export async function accidentWorld(
  files: Readonly<Record<string, string>>,
  { distort, ...options }: AccidentOptions = {},
): Promise<AccidentWorld> {
  const folder = await folderWith(files);
  const data = join(folder, "server.sqlite");
  let server = open(options.faults);
  let listening = await listen(facade(), { host: "127.0.0.1", port: 0 });
  const { url } = listening;

  function open(faults: readonly string[] = []): ReferenceServer {
    return createServer({
      ...options,
      dialect: "doc",
      token: TOKEN,
      data,
      faults: faults.map(parseFault),
      journal: { bodies: "parsed" },
    });
  }

  function facade(): ReferenceServer {
    if (distort === undefined) return server;
    const real = server;
    return { ...real, handle: async (request) => distort(request, (inner) => real.handle(inner)) };
  }

  async function restart(faults: readonly string[] = []): Promise<void> {
    await listening.close();
    server.close();
    server = open(faults);
    listening = await listen(facade(), { host: "127.0.0.1", port: Number(new URL(url).port) });
  }

  async function ask(method: string, path: string, body?: unknown): Promise<unknown> {
    const quiet = createServer({ dialect: "doc", token: TOKEN, data });
    const answer = await quiet.handle(
      new Request(`${url}${path}`, {
        method,
        headers: { authorization: `Token ${TOKEN}`, "content-type": "application/json" },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      }),
    );
    const text = await answer.text();
    quiet.close();
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  }

  return {
    folder,
    url,
    journal: () => server.journal(),
    writes: () =>
      server
        .journal()
        .filter(({ method }) => !["GET", "HEAD", "OPTIONS"].includes(method))
        .map(({ method, path }) => `${method} ${path}`),
    run: (line, setup = {}) =>
      runCli(typeof line === "string" ? line.split(" ") : line, {
        cwd: folder,
        ...setup,
        env: { LLMSTACK_SERVER: url, LLMSTACK_TOKEN: TOKEN, LLMSTACK_SET: SET, ...setup.env },
      }),
    byHand: async (method, path, body) => {
      const answer = await ask(method, path, body);
      await restart();
      return answer;
    },
    live: async (path) => {
      const answer = await ask("GET", path);
      if (!isArray<unknown>(answer)) throw new Error(`${path} answered no list`);
      return answer.filter(isLiveItem);
    },
    restart,
    path: (name) => join(folder, name),
    close: async () => {
      await listening.close();
      server.close();
    },
  };
}

function isLiveItem(value: unknown): value is LiveItem {
  return isObject(value) && typeof value["uuid"] === "string" && typeof value["name"] === "string";
}
