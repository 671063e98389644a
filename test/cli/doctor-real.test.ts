import { afterEach, describe, expect, it } from "vitest";
import type { Check } from "../../src/cli/doctor/check.ts";
import { certificateCheck } from "../../src/cli/doctor/connection.ts";
import { MARK_KEY } from "../../src/model/mark.ts";
import type { ServerOptions } from "../../src/server/create-server.ts";
import { aMark } from "../support/client-builders.ts";
import { folderWith, runCli } from "../support/cli-io.ts";
import { cliWorld, type CliWorld, TOKEN } from "../support/cli-world.ts";
import { type Release, RELEASES } from "../support/real-clients.ts";
import { AUTHORITY, SERVER } from "../support/test-certificates.ts";
import { json, page, wireServer } from "../support/wire-server.ts";

interface Examined {
  readonly exitCode: number;
  readonly server?: Readonly<Record<string, unknown>>;
  readonly checks: readonly Check[];
}

let world: CliWorld;

afterEach(async () => {
  await world.close();
});

async function serverOf([dialect, release]: Release, more: Partial<ServerOptions> = {}): Promise<void> {
  const accounts = [{ username: "ada", email: "ada@example.com", token: TOKEN }];
  world = await cliWorld({}, { dialect, release, accounts, ...more });
}

/** What doctor says in JSON; it has only read. */
async function examine(argv: readonly string[] = []): Promise<Examined> {
  const before = world.server.journal().length;
  const { exitCode, stdout } = await world.run(["doctor", "-o", "json", ...argv]);
  const requests = world.server.journal().slice(before);
  expect(requests.filter(({ method, committed }) => !/^(?:GET|OPTIONS)$/u.test(method) || committed)).toEqual([]);
  expect(requests.filter(({ defect }) => defect !== undefined)).toEqual([]);
  const examined = JSON.parse(stdout) as Examined;
  expect(examined.exitCode).toBe(exitCode);
  return examined;
}

function named({ checks }: Examined, name: string): readonly Check[] {
  return checks.filter((check) => check.name === name);
}

function unwell({ checks }: Examined): readonly Check[] {
  return checks.filter(({ status }) => status !== "ok");
}

/** A request as the editor or another program makes it; answers the uuid in it, where there is one. */
async function send(method: string, path: string, body?: unknown): Promise<string> {
  const response = await fetch(`${world.url}${path}`, {
    method,
    headers: { authorization: `Token ${TOKEN}`, "content-type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return /"uuid":"([^"]+)"/u.exec(text)?.[1] ?? "";
}

const APP = {
  name: "Bot",
  type_slug: "web",
  description: "d",
  config: {},
  input_fields: [],
  output_template: {},
  processors: [{ id: "a", provider_slug: "promptly", processor_slug: "llm", config: {}, input: {} }],
  draft: false,
};

/** An app that carries our mark. */
function managed(nonce = "n1"): typeof APP {
  return { ...APP, config: { [MARK_KEY]: aMark({ nonce }) } };
}

const NEW: readonly Release[] = RELEASES.filter(([dialect]) => dialect === "versioned" || dialect === "pipeline");
const MINTING: readonly Release[] = RELEASES.filter(([dialect]) => dialect !== "pipeline");
const OVERWRITING: readonly Release[] = RELEASES.filter(([dialect]) => dialect === "pipeline");
const LATEST: Release = ["versioned", "HEAD"];

describe.each(RELEASES)("doctor on %s %s", (...release) => {
  it("finds nothing wrong with a server that is well, and says what it is", async () => {
    await serverOf(release);
    const examined = await examine();
    expect(unwell(examined)).toEqual([]);
    expect(examined.exitCode).toBe(0);
    expect(named(examined, "account")).toMatchObject([{ message: "ada@example.com" }]);
    expect(named(examined, "dialect")[0]?.message).toMatch(new RegExp(`^${release[0]}: LLMStack v0\\.`, "u"));
    expect(named(examined, "recognised by")[0]?.message).toContain("GET /api/datasource_types answered 200");
    expect(examined.server).toMatchObject({ dialect: release[0], account: "ada@example.com" });
    expect(examined.server).toHaveProperty("capabilities.kinds.App.mark", "mutable");
  });

  it("names every row that breaks the account's list, and what it says to do mends it", async () => {
    await serverOf(release);
    await send("POST", "/api/apps", APP);
    await send("POST", "/api/apps", { ...APP, name: "Half", comment: null });
    const bad = await send("POST", "/api/apps", { ...APP, name: "Bad", processors: [1] });
    const examined = await examine();
    const rows = named(examined, "broken row");
    expect(rows.map(({ message }) => message).toSorted()).toEqual([
      expect.stringMatching(/^"Bad" .*cannot give back$/u),
      expect.stringMatching(/^"Half" .*holds no version$/u),
    ]);
    expect(rows.flatMap(({ uuids = [] }) => uuids)).toContain(bad);
    expect(examined.exitCode).toBe(0);
    for (const { hint = "" } of rows) {
      const path = /DELETE (\/api\/apps\/[\w-]{36}) /u.exec(hint)?.[1] ?? "";
      await send("DELETE", path);
    }
    expect(unwell(await examine())).toEqual([]);
  });

  it("says that a wrong token is the trouble, and not the way there", async () => {
    await serverOf(release);
    const wrong = "wrong-canary-1234567890";
    const { exitCode, stdout } = await world.run(["doctor"], { env: { LLMSTACK_TOKEN: wrong } });
    expect(exitCode).toBe(5);
    expect(stdout).toMatch(/^ok +reachable +http:/mu);
    expect(stdout).toMatch(/^problem token .*the token was not accepted\n +hint: Check LLMSTACK_TOKEN/mu);
    expect(stdout).not.toContain(wrong);
  });

  it("explains a refused host name, and is well with another", async () => {
    await serverOf(release, { allowedHosts: ["llmstack.example.com"] });
    const refused = await examine();
    expect(refused.exitCode).toBe(10);
    expect(unwell(refused)).toMatchObject([
      {
        name: "host header",
        status: "problem",
        message: expect.stringMatching(/^the server does not know itself as "127\.0\.0\.1:\d+"/u) as string,
        hint: expect.stringContaining('add "127.0.0.1" to its ALLOWED_HOSTS') as string,
      },
    ]);
    expect(named(refused, "reachable")).toMatchObject([{ status: "ok" }]);
    const well = await examine(["--host-header", "llmstack.example.com"]);
    expect(unwell(well)).toEqual([]);
    expect(named(well, "host header")).toMatchObject([{ message: "llmstack.example.com" }]);
  });

  it("lists objects that nothing but their uuid tells apart", async () => {
    await serverOf(release);
    const twins = [await send("POST", "/api/apps", APP), await send("POST", "/api/apps", APP)];
    await send("POST", "/api/apps", { ...APP, name: "Other" });
    const copies = [await send("POST", "/api/apps", managed()), await send("POST", "/api/apps", managed())];
    const examined = await examine();
    expect(named(examined, "duplicate names").map(({ uuids }) => uuids?.toSorted())).toEqual([twins.toSorted()]);
    expect(named(examined, "copies").map(({ uuids }) => uuids?.toSorted())).toEqual([copies.toSorted()]);
    expect(examined.exitCode).toBe(0);
  });
});

describe("a row that no list can hold", () => {
  it.each(RELEASES)("on %s %s is a problem for a run, too", async (...release) => {
    await serverOf(release);
    await fetch(`${world.url}/api/apps`, {
      method: "POST",
      headers: { authorization: `Token ${TOKEN}`, "content-type": "application/json" },
      body: JSON.stringify({ ...APP, config: { n: 0 } }).replace('"n":0', '"n":99999999999999999999999'),
    });
    const examined = await examine();
    expect(examined.exitCode).toBe(10);
    expect(named(examined, "apps")).toMatchObject([{ status: "problem", class: "incomplete_read" }]);
    expect(named(examined, "broken row")).toHaveLength(1);
  });

  it.each<Release>([
    ["versioned", "HEAD"],
    ["pipeline", "v0.2.5"],
  ])("of datasources on %s %s hides its uuid, and that is said", async (...release) => {
    await serverOf(release);
    await send("POST", "/api/datasources", { name: "Bad", type_slug: "custom", pipeline: null });
    const examined = await examine();
    expect(examined.exitCode).toBe(10);
    expect(named(examined, "datasources")).toMatchObject([
      { status: "problem", hint: expect.stringContaining("without a pipeline") as string },
    ]);
  });
});

describe("datasources of one name", () => {
  it.each(NEW)("on %s %s are listed, once each", async (...release) => {
    await serverOf(release);
    const pipeline = {
      source: { slug: "text", provider_slug: "promptly", data: {} },
      destination: { slug: "vector-store", provider_slug: "promptly", data: {} },
    };
    const body = { name: "Docs", type_slug: "text", pipeline };
    const uuids = [await send("POST", "/api/datasources", body), await send("POST", "/api/datasources", body)];
    const [twins] = named(await examine(), "duplicate names");
    expect(twins?.uuids?.toSorted()).toEqual(uuids.toSorted());
    expect(twins?.message).toContain('2 datasources are named "Docs" (text)');
  });
});

describe("drafts that somebody left", () => {
  it.each(MINTING)("on %s %s wait beside what runs", async (...release) => {
    await serverOf(release);
    const ours = await send("POST", "/api/apps", managed());
    const theirs = await send("POST", "/api/apps", { ...APP, name: "Theirs" });
    await send("PATCH", `/api/apps/${ours}`, { ...managed(), draft: true });
    await send("PATCH", `/api/apps/${theirs}`, { ...APP, name: "Theirs", draft: true });
    const examined = await examine();
    expect(named(examined, "drafts")[0]?.message).toBe("1 in the apps that we manage, 1 in others");
    expect(named(examined, "draft").map(({ uuids }) => uuids)).toEqual([[ours]]);
    expect(named(examined, "draft")[0]).toMatchObject({
      status: "warning",
      message: expect.stringContaining("a draft waits beside the version that runs") as string,
      hint: expect.stringContaining("--discard-drafts") as string,
    });
    expect(examined.exitCode).toBe(0);
  });

  it.each(OVERWRITING)("on %s %s have taken down what ran", async (...release) => {
    await serverOf(release);
    const uuid = await send("POST", "/api/apps", managed());
    await send("PATCH", `/api/apps/${uuid}`, { ...managed(), draft: true });
    expect(named(await examine(), "draft")).toMatchObject([
      { uuids: [uuid], message: expect.stringContaining("nothing of it runs") as string },
    ]);
  });

  it("are known for ours by what we wrote before, where they have lost the mark", async () => {
    await serverOf(LATEST);
    const uuid = await send("POST", "/api/apps", { ...managed(), comment: "llmstack-sync team App/bot n1" });
    await send("PATCH", `/api/apps/${uuid}`, { ...APP, config: { title: "edited" }, draft: true });
    expect(named(await examine(), "draft")).toMatchObject([
      { uuids: [uuid], message: expect.stringContaining("set team") as string },
    ]);
  });

  it("of others are only counted", async () => {
    await serverOf(LATEST);
    const uuid = await send("POST", "/api/apps", APP);
    await send("PATCH", `/api/apps/${uuid}`, { ...APP, draft: true });
    await send("POST", "/api/apps", { ...APP, name: "Never live", draft: true });
    const examined = await examine();
    expect(named(examined, "drafts")[0]?.message).toBe("none waits in the apps that we manage, 2 in others");
    expect(unwell(examined)).toEqual([]);
  });

  it("are asked for only where the list leaves it open", async () => {
    await serverOf(LATEST);
    for (const name of ["A", "B", "C"]) await send("POST", "/api/apps", { ...APP, name });
    const changed = await send("POST", "/api/apps", APP);
    await send("PATCH", `/api/apps/${changed}`, APP);
    await examine();
    const asked = world.server.journal().filter(({ path }) => path.endsWith("/versions"));
    expect(asked.map(({ path }) => path)).toEqual([`/api/apps/${changed}/versions`]);
  });

  it("are asked for a hundred times at most", async () => {
    await serverOf(["slug", "v0.2.0"]);
    for (let count = 0; count < 103; count += 1) await send("POST", "/api/apps", { ...APP, name: `Bot ${count}` });
    const [drafts] = named(await examine(), "drafts");
    expect(drafts?.message).toContain("3 apps, those changed longest ago, were not asked about");
    expect(world.server.journal().filter(({ path }) => path.endsWith("/versions"))).toHaveLength(100);
  });
});

describe("the way to the server", () => {
  const answers: Parameters<typeof wireServer>[0] = ({ path }, response) => {
    response.setHeader("server", "nginx/1.25.3");
    if (path === "/api/datasource_types") page(response, 404);
    else json(response, 200, []);
  };

  it("nginx names itself, and its limit is explained", async () => {
    await serverOf(LATEST);
    const { url, seen } = await wireServer(answers);
    const examined = await examine(["--server", url]);
    expect(named(examined, "body limit")[0]?.message).toMatch(/nginx answers: it takes 1 MiB .* 413/u);
    expect(seen.every(({ method, body }) => method === "GET" && body === "")).toBe(true);
  });

  it("TLS says its protocol, and nothing is sent to find it out", async () => {
    await serverOf(LATEST);
    const { url, seen } = await wireServer(answers, SERVER);
    const folder = await folderWith({ "ca.pem": AUTHORITY });
    const { stdout } = await runCli(["doctor", "--server", url, "--ca-file", "ca.pem"], {
      cwd: folder,
      env: { LLMSTACK_TOKEN: TOKEN },
    });
    expect(stdout).toMatch(/^ok +encryption +TLSv1\.3, certificate accepted$/mu);
    expect(seen.every(({ method }) => method === "GET")).toBe(true);
  });

  it.each([
    [22, "ok"],
    [20, "warning"],
    [0, "warning"],
  ])("a certificate that ends in %i days: %s", async (days, status) => {
    await serverOf(LATEST);
    const now = new Date("2026-01-01T00:00:00Z");
    const until = new Date(now.getTime() + days * 86_400_000);
    expect(certificateCheck({ protocol: "TLSv1.3", until }, now).status).toBe(status);
  });
});
