import { chmod, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { EXIT } from "../../src/cli/exit-codes.ts";
import { type AccidentOptions, type AccidentWorld, accidentWorld, SET } from "../support/accident-world.ts";
import type { CliResult, CliSetup } from "../support/cli-io.ts";
import { appYaml, TOKEN } from "../support/cli-world.ts";

const ENV = { BOT_KEY: "kanarie-env-1", DIRS: "kanarie-unused-2" };
const ROTATED = { BOT_KEY: "kanarie-env-new-3", DIRS: "kanarie-unused-4" };

const SECRET = `apiVersion: v1
kind: Secret
metadata: { name: plain }
stringData:
  key: kanarie-plain-5
  pem: |
    -----BEGIN PRIVATE KEY-----
    kanarie-pem-6
    -----END PRIVATE KEY-----
data:
  encoded: ${Buffer.from("kanarie-encoded-7").toString("base64")}
`;

/** Base64 of a secret is the secret. */
const ENCODED = Buffer.from("kanarie-encoded-7").toString("base64").slice(0, 20);

/** Every way in which a secret gets into an app. */
function bot(description: string): string {
  const lines = [
    `description: ${description}`,
    "config:",
    "  note: { $env: BOT_KEY }",
    "  plain: { $secret: { name: plain, key: key } }",
    "  pem: { $secret: { name: plain, key: pem } }",
    "  encoded: { $secret: { name: plain, key: encoded } }",
    "  mounted: { $secret: { name: mounted, key: key } }",
    '  api_key: "kanarie-literal-8"',
    "slack_config: { app_id: A1, bot_token: kanarie-slack-9, signing_secret: kanarie-signing-10 }",
    "processors:",
    "  - id: _inputs1",
    "    provider_slug: promptly",
    "    processor_slug: http_api_processor",
    "    input: {}",
    "    config:",
    "      headers: { Authorization: Bearer kanarie-header-11, X-Other: kanarie-header-12 }",
    "      connection: { password: kanarie-password-13 }",
  ];
  return appYaml("bot", lines).replace("    processors: []\n", "");
}

const DOCS = `apiVersion: llmstack.ai/v1alpha1
kind: Datasource
metadata: { name: docs }
spec:
  type: text
  entries:
    - { name: private, content: { $env: BOT_KEY } }
    - { name: mounted, content: { $secret: { name: mounted, key: key } } }
`;

const FILES = {
  "all/bot.yaml": bot("Before"),
  "all/docs.yaml": DOCS,
  "all/secret.yaml": SECRET,
  "secrets/mounted/key": "kanarie-mounted-14\n",
  token: "kanarie-token-15\n",
};

/** What the sweep itself put there; everything else was written by the tool. */
const INPUTS = /^(?:all|secrets)\/|^token$|^server\.sqlite/u;

/** Whatever starts so is a secret, and nobody may ever see the rest of it. */
const LEAK = new RegExp(`.{0,40}(?:kanarie-[a-z0-9]+|${ENCODED}|${TOKEN})`, "giu");

let world: AccidentWorld | undefined;

afterEach(async () => {
  await world?.close();
});

interface Sweep {
  readonly at: AccidentWorld;
  readonly run: (line: string, setup?: Partial<CliSetup>) => Promise<Pick<CliResult, "exitCode" | "stdout">>;
  /** Every secret that is in anything printed or written so far. */
  readonly leaks: () => Promise<readonly { readonly where: string; readonly leak: string }[]>;
}

async function sweep(options: AccidentOptions = {}): Promise<Sweep> {
  const at = await accidentWorld(FILES, options);
  world = at;
  const seen: { readonly where: string; readonly text: string }[] = [];
  return {
    at,
    run: async (line, setup = {}) => {
      const { exitCode, stdout, stderr } = await at.run(line, { ...setup, env: { ...ENV, ...setup.env } });
      seen.push({ where: `stdout of ${line}`, text: stdout }, { where: `stderr of ${line}`, text: stderr });
      expect(stderr, line).not.toMatch(/this is a bug/u);
      return { exitCode, stdout };
    },
    leaks: async () => {
      const all = [...seen, ...(await writtenFiles(at.folder))];
      return all.flatMap(({ where, text }) => leaksIn(text).map((leak) => ({ where, leak })));
    },
  };
}

/** Each with a little of what stands before it. */
function leaksIn(text: string): readonly string[] {
  return [...text.matchAll(LEAK)].map(([found]) => found);
}

async function writtenFiles(folder: string): Promise<readonly { readonly where: string; readonly text: string }[]> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = names
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((path) => !INPUTS.test(path));
  return Promise.all(files.map(async (path) => ({ where: path, text: await readFile(join(folder, path), "latin1") })));
}

const DIR = "--secrets-dir secrets";

describe("no secret is in anything that the tool prints or writes", () => {
  it.each(["text", "json"])("every command, in every format, with -v and --log-format %s", async (log) => {
    const { at, run, leaks } = await sweep();
    const how = `${DIR} -v --log-format ${log}`;
    const good = async (line: string, setup?: Partial<CliSetup>): Promise<string> => {
      const { exitCode, stdout } = await run(line, setup);
      expect({ line, exitCode }).toEqual({ line, exitCode: EXIT.ok });
      return stdout;
    };
    for (const format of ["text", "json", "sarif", "junit", "github"]) await good(`validate all ${how} -o ${format}`);
    for (const format of ["text", "json", "ndjson", "markdown"]) await good(`plan all ${how} -o ${format}`);
    await good(`plan all ${how} --out first.plan`);
    // A plan file holds no literal secret, so it cannot carry out what needs one.
    expect((await run(`apply first.plan ${how} --report first.json`)).exitCode).toBe(EXIT.stale);
    await good(`apply all ${how} --report second.json`);
    expect(await good(`plan all ${how}`)).toMatch(/No changes/u);
    await writeFile(at.path("all/bot.yaml"), bot("After").replaceAll("kanarie-header-11", "kanarie-header-new-16"));
    await writeFile(at.path("all/secret.yaml"), SECRET.replaceAll("kanarie-p", "kanarie-new-p"));
    const now = { env: ROTATED };
    for (const format of ["text", "json", "ndjson", "markdown"]) {
      const plan = await good(`plan all ${how} -o ${format}`, now);
      for (const part of ["/config/note", "/config/pem", "headers", "Before", "After"]) expect(plan).toContain(part);
    }
    for (const format of ["text", "json", "markdown"]) {
      expect(await good(`drift all ${how} -o ${format}`, now)).toContain("/config/note");
    }
    await good(`plan all ${how} --out second.plan`, now);
    await good(`apply all ${how} -o ndjson --report third.json`, now);
    for (const format of ["text", "json"]) await good(`doctor -v --log-format ${log} -o ${format}`);
    await good(`delete all ${how} --yes -o json`, now);
    expect(await leaks()).toEqual([]);
  });

  it("export writes none at the places that are known to hold them", async () => {
    const { at, run } = await sweep();
    expect((await run(`apply all ${DIR}`)).exitCode).toBe(EXIT.ok);
    expect((await run("export out -v")).exitCode).toBe(EXIT.ok);
    const text = await readFile(at.path("out/apps/bot.yaml"), "utf8");
    expect(text).not.toMatch(/kanarie-(?:literal|slack|signing|header|password)/u);
    expect(text.match(/\$env/gu)?.length).toBeGreaterThanOrEqual(6);
  });

  it("render writes no value of a variable or a Secret, and leaves literals of manifests as they are", async () => {
    const { at, run } = await sweep();
    const { exitCode, stdout } = await run(`render all ${DIR} -v`);
    expect(exitCode).toBe(EXIT.ok);
    expect((await run(`render all ${DIR} -v --out-dir rendered`)).exitCode).toBe(EXIT.ok);
    const files = (await writtenFiles(at.folder)).map(({ text }) => text);
    expect([stdout, ...files].join("\n")).not.toMatch(/kanarie-(?:env|plain|pem|encoded|mounted|token)/u);
  });

  it("an app in which somebody typed over a secret", async () => {
    const { at, run, leaks } = await sweep();
    expect((await run(`apply all ${DIR}`)).exitCode).toBe(EXIT.ok);
    const [app] = await at.live("/api/apps");
    const data = app?.["data"] as { readonly config: object };
    await at.byHand("PATCH", `/api/apps/${app?.uuid ?? ""}`, {
      config: { ...data.config, note: "kanarie-typed-17", api_key: "kanarie-typed-18", token: "kanarie-typed-19" },
      slack_config: { app_id: "A1", bot_token: "kanarie-typed-20", signing_secret: null, new_secret: "x" },
      discord_config: { bot_token: "kanarie-typed-21" },
    });
    for (const format of ["text", "json", "markdown"]) await run(`drift all ${DIR} -o ${format} -v`);
    for (const format of ["text", "json", "ndjson", "markdown"]) await run(`plan all ${DIR} -o ${format} -v`);
    const { stdout } = await run(`apply all ${DIR} -v --report report.json`);
    expect(stdout).toContain("/config/note");
    expect(await leaks()).toEqual([]);
  });
});

describe("no secret is in an error", () => {
  const ECHOES: readonly (readonly [name: string, echo: (text: string) => Response])[] = [
    ["as detail", (text) => Response.json({ detail: `cannot read ${text}` }, { status: 400 })],
    ["field by field", (text) => Response.json({ config: [text], name: [text.slice(0, 500)] }, { status: 400 })],
    ["as a page", (text) => new Response(`<html>${text}</html>`, { status: 400, headers: HTML })],
    ["as a page of a failure", (text) => new Response(`<pre>${text}</pre>`, { status: 500, headers: HTML })],
    ["as text", (text) => new Response(text, { status: 422, headers: { "content-type": "text/plain" } })],
    ["as JSON of another shape, with 200", (text) => Response.json({ uuid: text, name: text, data: text })],
    ["in a header", (text) => new Response("no", { status: 400, headers: { "x-sent": encodeURIComponent(text) } })],
    ["as a redirect", (text) => redirect(`/login?next=${encodeURIComponent(text.slice(0, 800))}`)],
    ["as the reason of a refusal", (text) => Response.json({ detail: text }, { status: 403 })],
    ["message by message", (text) => Response.json({ message: text, errors: [text] }, { status: 409 })],
  ];

  it.each(ECHOES)("a server that repeats what it was sent: %s", async (_, echo) => {
    const { at, run, leaks } = await sweep({ distort: (request, handle) => repeat(request, handle, echo) });
    for (const path of ["first", "second"]) {
      const line = `apply all ${DIR} -v --report ${path}.json -o json`;
      expect((await run(line)).exitCode).not.toBe(EXIT.ok);
    }
    expect(at.journal().some(({ method }) => method === "POST")).toBe(true);
    expect(await at.live("/api/apps")).toEqual([]);
    expect(await leaks()).toEqual([]);
  });

  it("a token that is wrong, in the environment and in a file", async () => {
    const { run, leaks } = await sweep();
    const wrong = [
      ["plan all --secrets-dir secrets -v", { LLMSTACK_TOKEN: "kanarie-token-22" }],
      ["plan all --secrets-dir secrets -v --token-file token", { LLMSTACK_TOKEN: "" }],
      ["plan all --secrets-dir secrets -v", { LLMSTACK_TOKEN: "kanarie-token\nkanarie-23" }],
      ["plan all --secrets-dir secrets -v", { LLMSTACK_TOKEN: "kanarie-tökén-24 \u{1F99C}" }],
      ["plan all --secrets-dir secrets -v", { LLMSTACK_SERVER: "http://user:kanarie-25@127.0.0.1:1" }],
      ["doctor -v -o json", { LLMSTACK_TOKEN: "kanarie-token-26" }],
      ["export out -v", { LLMSTACK_TOKEN: "kanarie-token-27" }],
      ["run bot -v", { LLMSTACK_TOKEN: "kanarie-token-28" }],
    ] as const;
    for (const [line, env] of wrong) expect((await run(line, { env })).exitCode).not.toBe(EXIT.ok);
    expect(await leaks()).toEqual([]);
  });

  const ON_THE_LINE: readonly (readonly [name: string, text: string])[] = [
    ["an unknown key beside it", bot("x").replace("signing_secret:", "client_secret: kanarie-29, signing_secret:")],
    ["a wrong type", bot("x").replace('"kanarie-literal-8"', '["kanarie-30", kanarie-31]')],
    ["a scalar that YAML reads in two ways", bot("x").replace('"kanarie-literal-8"', "yes # kanarie-32")],
    ["a directive with a literal", bot("x").replace('"kanarie-literal-8"', '{ $env: BOT, value: "kanarie-33" }')],
    ["a directive of the wrong shape", bot("x").replace('"kanarie-literal-8"', '{ $secret: "kanarie-34" }')],
    ["the same key twice", bot("x").replace("  api_key:", "  api_key: kanarie-35\n      api_key:")],
    ["broken YAML", bot("x").replace('"kanarie-literal-8"', '"kanarie-36')],
    ["a merge key", bot("x").replace("{ app_id: A1,", "{ <<: { token: kanarie-37 }, app_id: A1,")],
    ["a tab", bot("x").replace("  api_key:", "\tapi_key:")],
    ["a Secret with a wrong field", `${bot("x")}---\n${SECRET.replace("stringData:", "stringdata:")}`],
    ["a Secret with a number", `${bot("x")}---\n${SECRET.replace("kanarie-plain-5", "1_000")}`],
    ["a Secret that is no base64", `${bot("x")}---\n${SECRET.replace(/encoded: .*/u, "encoded: kanarie-38!")}`],
    ["a Secret twice", `${SECRET}---\n${SECRET}---\n${bot("x")}`],
    ["a control character", bot("x").replace('"kanarie-literal-8"', '"kanarie-39\u0001"')],
    ["a NUL", bot("x").replace('"kanarie-literal-8"', String.raw`"kanarie-40\0"`)],
  ];

  it.each(ON_THE_LINE)("a problem on the line of a literal secret: %s", async (_, text) => {
    const { at, run, leaks } = await sweep();
    await writeFile(at.path("all/bot.yaml"), text);
    if (text.includes("kind: Secret")) await writeFile(at.path("all/secret.yaml"), "# moved\n");
    for (const format of ["text", "json", "sarif", "junit", "github"]) {
      await run(`validate all ${DIR} -v -o ${format}`);
    }
    await run(`apply all ${DIR} -v -o json --report report.json`);
    expect(await leaks()).toEqual([]);
  });

  it("files that cannot be read, settings that are wrong, and flags that do not exist", async () => {
    const { at, run, leaks } = await sweep();
    await mkdir(at.path("broken/sub"), { recursive: true });
    await writeFile(at.path("llmstack-sync.yaml"), "token: kanarie-41\nset: [kanarie-42]\n");
    await run(`plan all ${DIR} -v`);
    await writeFile(at.path("llmstack-sync.yaml"), `set: ${SET}\ntokenFile: token\n`);
    await run(`plan all ${DIR} -v`, { env: { LLMSTACK_TOKEN: "" } });
    await writeFile(at.path("llmstack-sync.yaml"), "{ server: 'http://x:kanarie-43@host', broken\n");
    await run(`plan all ${DIR} -v`);
    await writeFile(at.path("llmstack-sync.yaml"), "contexts: {}\n");
    await chmod(at.path("secrets/mounted/key"), 0o000);
    await run("plan all --secrets-dir secrets/mounted -v");
    await run("plan all --secrets-dir token -v");
    await run("run bot --input-json {kanarie-44 -v");
    await run("plan all --token kanarie-45 -v -o json");
    await run("plan all --token=kanarie-46 -v -o json");
    await run("apply all --server http://u:kanarie-47@127.0.0.1:1 -v -o json");
    expect(await leaks()).toEqual([]);
  });
});

const HTML = { "content-type": "text/html" };

/** Response.redirect wants a whole address. */
function redirect(location: string): Response {
  return new Response(undefined, { status: 302, headers: { location } });
}

async function repeat(
  request: Request,
  handle: (request: Request) => Promise<Response>,
  echo: (text: string) => Response,
): Promise<Response> {
  const { pathname } = new URL(request.url);
  if (request.method === "GET" || pathname !== "/api/apps") return handle(request);
  return echo(`${request.headers.get("authorization") ?? ""} ${await request.text()}`);
}
