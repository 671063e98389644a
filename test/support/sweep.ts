import { createServer } from "../../src/server/create-server.ts";
import { listen } from "../../src/server/listen.ts";
import type { Release } from "./real-clients.ts";
import { aDatasource, anEntry, COLLEAGUE, type RealName, STRANGER } from "./real-servers.ts";
import { anApp, NOBODY, TOKEN } from "./server-requests.ts";
import { shapeOf } from "./sweep-shapes.ts";

/** What is expected: one answer everywhere, or one by release, by dialect, or for the rest. */
type Expected = string | Readonly<Record<string, string>>;

/**
 * `METHOD path [as somebody]`, what is answered, and the body that is sent. An answer is a status and what its body is:
 * `html`, `empty`, or JSON by the name of its keys (sweep-shapes.ts), in brackets for a list. In paths, words in capitals
 * stand for uuids of things that are made when they are named: see `MAKE`.
 */
export type Row = readonly [request: string, expected: Expected, body?: unknown];

export interface Sweep {
  /** What a row is answered with. */
  readonly ask: (row: Row) => Promise<string>;
  /** The JSON that a row is answered with. */
  readonly read: (row: Row) => Promise<unknown>;
  readonly close: () => Promise<void>;
  /** What no server should have: errors of its own. */
  readonly defects: () => readonly string[];
}

const TOKENS: Readonly<Record<string, string>> = {
  owner: TOKEN,
  colleague: COLLEAGUE,
  stranger: STRANGER,
  nobody: "",
  impostor: "0000",
};

/** A reference server on a port of its own, with nothing in it yet. */
export async function startSweep([dialect, release]: Release): Promise<Sweep> {
  const person = (username: string) => ({ username, email: `${username}@example.org`, token: TOKENS[username] ?? "" });
  const accounts = [
    { ...person("owner"), organization: "acme" },
    { ...person("colleague"), organization: "acme" },
    person("stranger"),
  ];
  const server = createServer({ dialect, release, accounts });
  const listening = await listen(server, { host: "127.0.0.1", port: 0 });
  const send: Send = async (who, method, path, body) => {
    const token = TOKENS[who] ?? "";
    const response = await fetch(listening.url + path, {
      method,
      headers: {
        ...(token !== "" && { authorization: `Token ${token}` }),
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    return { response, text: await response.text() };
  };
  const names = new Map<string, Promise<string>>();
  const nameOf = (name: string): Promise<string> => {
    const world = { send, dialect: dialect as RealName, uuidOf: nameOf };
    const known = names.get(name) ?? (MAKE[name] ?? (() => Promise.resolve(name)))(world);
    names.set(name, known);
    return known;
  };
  const answer = async ([request, , body]: Row): Promise<Answered> => {
    const [, method = "", template = "", who = "owner"] = /^(\S+) (\S+?)(?: as (\w+))?$/u.exec(request) ?? [];
    let path = template;
    for (const [name] of template.matchAll(/[A-Z]{3,}/gu)) path = path.replace(name, await nameOf(name));
    return send(who, method, path, body);
  };
  return {
    ask: async (row) => seenOf(await answer(row), release),
    read: async (row) => JSON.parse((await answer(row)).text) as unknown,
    close: async () => {
      await listening.close();
      server.close();
    },
    defects: () => server.journal().flatMap(({ defect }) => defect ?? []),
  };
}

interface Answered {
  readonly response: Response;
  readonly text: string;
}

type Send = (who: string, method: string, path: string, body?: unknown) => Promise<Answered>;

interface World {
  readonly send: Send;
  readonly dialect: RealName;
  readonly uuidOf: (name: string) => Promise<string>;
}

const LIVE = anApp({ draft: false, description: "", input_fields: [] });

/** APP: the caller's; DRAFT: not live yet; PUB: published; OURS: a colleague's; THEIRS: a stranger's; ORPHAN: broken. */
const MAKE: Readonly<Record<string, (world: World) => Promise<string>>> = {
  APP: ({ send }) => uuidOf(send("owner", "POST", "/api/apps", LIVE)),
  DRAFT: ({ send }) => uuidOf(send("owner", "POST", "/api/apps", anApp())),
  PUB: async ({ send }) => {
    const uuid = await uuidOf(send("owner", "POST", "/api/apps", LIVE));
    await send("owner", "POST", `/api/apps/${uuid}/publish`, {});
    return uuid;
  },
  OURS: ({ send }) => uuidOf(send("colleague", "POST", "/api/apps", LIVE)),
  THEIRS: ({ send }) => uuidOf(send("stranger", "POST", "/api/apps", LIVE)),
  ORPHAN: async ({ send }) => {
    await send("owner", "POST", "/api/apps", { ...LIVE, comment: null });
    const { text } = await send("owner", "GET", "/api/apps?fields=uuid");
    return (JSON.parse(text) as { uuid: string }[])[0]?.uuid ?? "";
  },
  LINK: async ({ send, uuidOf: named }) => {
    const { text } = await send("owner", "GET", `/api/apps/${await named("PUB")}?fields=published_uuid`);
    return (JSON.parse(text) as { published_uuid: string }).published_uuid;
  },
  SRC: ({ send, dialect }) => uuidOf(send("owner", "POST", "/api/datasources", aDatasource(dialect))),
  HIS: ({ send, dialect }) => uuidOf(send("stranger", "POST", "/api/datasources", aDatasource(dialect))),
  ENT: async (world) => entryIn(world, "owner", await world.uuidOf("SRC")),
  HERS: async (world) => entryIn(world, "stranger", await world.uuidOf("HIS")),
  NONE: () => Promise.resolve(NOBODY),
};

async function entryIn({ send, dialect }: World, who: string, datasource: string): Promise<string> {
  await send(who, "POST", `/api/datasources/${datasource}/add_entry`, anEntry(dialect, { name: "n", content: "c" }));
  const { text } = await send(who, "GET", `/api/datasources/${datasource}/entries`);
  return (JSON.parse(text) as { uuid: string }[])[0]?.uuid ?? "";
}

async function uuidOf(asked: Promise<Answered>): Promise<string> {
  return (JSON.parse((await asked).text) as { uuid: string }).uuid;
}

function seenOf({ response, text }: Answered, release: string): string {
  const type = response.headers.get("content-type");
  if (type === null) return `${response.status} ${text === "" ? "empty" : "untyped"}`;
  if (type.startsWith("text/html")) return `${response.status} html`;
  if (type !== "application/json") return `${response.status} ${type}`;
  return `${response.status} ${text === "" ? "json" : shapeOf(JSON.parse(text), release)}`;
}

/** What a row expects of a release. */
export function expectedOf(expected: Expected, [dialect, release]: Release): string {
  if (typeof expected === "string") return expected;
  return expected[release] ?? expected[dialect] ?? expected["rest"] ?? "(nothing is said)";
}
