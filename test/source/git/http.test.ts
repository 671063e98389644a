import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { GitSource } from "../../../src/model/git-revision.ts";
import { openGit } from "../../../src/source/git/open-git.ts";
import { listRemote } from "../../../src/source/git/remote.ts";
import type { GitSetup } from "../../../src/source/git/setup.ts";
import { type Break, type GitHttp, serveGit } from "../../support/git-http.ts";
import { type Origin, originWith } from "../../support/git-origin.ts";
import { anAddress, aSetup, never, textIn } from "../../support/git-setup.ts";

const TOKEN = "ghp_0123456789secret";
const CUT: Break = { after: 40, ending: "cut" };
const credentials = `x-access-token:${TOKEN}`;

let origin: Origin;
let cacheDirectory: string;
const servers: GitHttp[] = [];

beforeAll(async () => {
  const files = Object.fromEntries(
    Array.from({ length: 300 }, (_, index) => [`other/${index}.yaml`, `n: ${index}\n# ${"x".repeat(500)}`]),
  );
  origin = await originWith({
    ...files,
    "apps/bot.yaml": "kind: One",
    "apps/bot.md": "Be kind.",
    "apps/more.md": "Be brief.",
  });
  ({ cacheDirectory } = aSetup());
});
afterAll(async () => {
  await origin.remove();
});
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function serve(behaviour: Parameters<typeof serveGit>[1] = {}): Promise<GitHttp> {
  const server = await serveGit(origin, behaviour);
  servers.push(server);
  return server;
}

async function open({ address, caFile }: GitHttp, rest: string, setup: Partial<GitSetup> = {}): Promise<GitSource> {
  return openGit(anAddress(`${address}${rest}`), aSetup({ caFile, user: "daemon", ...setup }), never);
}

const withToken = { credentials: { token: TOKEN } };

describe("over HTTPS", () => {
  it("reads with a token, which is sent to its host when it is asked for", async () => {
    const server = await serve({ credentials });
    const source = await open(server, "//apps?ref=main", withToken);
    expect(source.files.map(({ text }) => text)).toEqual(["kind: One"]);
    expect(await textIn(source, "bot.md")).toBe("Be kind.");
    expect(server.requests[0]?.authorization).toBeUndefined();
  });

  it("moves the trees and the files of the folder, and no other file", async () => {
    const server = await serve();
    await open(server, "//apps");
    const sent = server.requests.reduce((sum, request) => sum + request.sent(), 0);
    // The 300 files beside it are 150 KB, of which their names alone are sent.
    expect(sent).toBeLessThan(30_000);
  });

  it("asks one question where nothing is new", async () => {
    const server = await serve();
    await open(server, "//apps", { cacheDirectory });
    const before = server.requests.length;
    await open(server, "//apps", { cacheDirectory });
    expect(server.requests.slice(before).map(({ path }) => path)).toEqual([
      "/acme/apps.git/info/refs?service=git-upload-pack",
      "/acme/apps.git/git-upload-pack",
    ]);
  });

  it("takes no bundle from elsewhere that the remote advertises", async () => {
    const elsewhere = await serve();
    await origin.git("config", "uploadpack.advertiseBundleURIs", "true");
    for (const [key, value] of [
      ["version", "1"],
      ["mode", "all"],
      ["x.uri", `${elsewhere.address}/x.bundle`],
    ] as const) {
      await origin.git("config", `bundle.${key}`, value);
    }
    expect((await open(await serve(), "//apps")).files).toHaveLength(1);
    expect(elsewhere.requests).toEqual([]);
  });

  it("gets the files that manifests name in one conversation", async () => {
    const server = await serve();
    const source = await open(server, "//apps");
    const before = server.requests.length;
    await source.prepare?.([
      { root: "", path: "bot.md" },
      { root: "", path: "more.md" },
      { root: "", path: "absent.md" },
    ]);
    const after = server.requests.length;
    expect([await textIn(source, "bot.md"), await textIn(source, "more.md")]).toEqual(["Be kind.", "Be brief."]);
    expect(server.requests.slice(before, after).filter(({ method }) => method === "POST")).toHaveLength(1);
    expect(server.requests).toHaveLength(after);
  });

  it.each([
    { says: "no token", setup: {} },
    { says: "a wrong token", setup: { credentials: { token: "wrong-token-of-mine" } } },
  ])("is an auth failure with $says, and repeats none", async ({ setup }) => {
    const server = await serve({ credentials });
    const failure = open(server, "//apps", setup);
    await expect(failure).rejects.toMatchObject({
      class: "auth",
      remedy: expect.stringContaining("LLMSTACK_GIT_TOKEN") as string,
    });
    await expect(failure).rejects.not.toThrow(/wrong-token|d3JvbmctdG9r/u);
  });

  it("trusts only the authorities it is told to", async () => {
    const { address } = await serve();
    await expect(openGit(anAddress(address), aSetup({ user: "daemon" }), never)).rejects.toMatchObject({
      class: "unreachable",
      remedy: expect.stringContaining("--git-ca") as string,
    });
  });

  it.each([
    { says: "a missing repository", fault: () => 404, is: "auth" },
    { says: "a broken server", fault: () => 500, is: "unreachable" },
    {
      says: "an answer that breaks off",
      fault: ({ method }: { method: string }) => (method === "POST" ? CUT : undefined),
      is: "unreachable",
    },
  ])("$says is told as what it is", async ({ fault, is }) => {
    const server = await serve({ fault });
    await expect(open(server, "//apps")).rejects.toMatchObject({ class: is });
  });

  it("gives up a server that never answers when the time is up", async () => {
    const server = await serve({ fault: () => "stall" });
    await expect(open(server, "//apps", { timeoutMs: 300 })).rejects.toMatchObject({
      class: "unreachable",
      isRetryable: true,
      message: expect.stringContaining("0.3 s") as string,
    });
  });

  it("stops when it is told to", async () => {
    const stop = new AbortController();
    const server = await serve({
      fault: () => {
        stop.abort(new Error("enough"));
        return "stall";
      },
    });
    await expect(
      openGit(anAddress(server.address), aSetup({ caFile: server.caFile, user: "daemon" }), stop.signal),
    ).rejects.toThrow("enough");
  });

  it("a pack that breaks off leaves nothing behind that the next run stumbles over", async () => {
    let isCut = true;
    const fault = ({ method }: { method: string }): Break | undefined =>
      isCut && method === "POST" ? { after: 700, ending: "cut" } : undefined;
    const server = await serve({ fault });
    await expect(open(server, "//apps", { cacheDirectory })).rejects.toMatchObject({ class: "unreachable" });
    isCut = false;
    expect((await open(server, "//apps", { cacheDirectory })).files).toHaveLength(1);
  });
});

describe("a redirect", () => {
  it("to another host gets no token, and is refused by both names", async () => {
    const elsewhere = await serve({ credentials });
    const server = await serve({ redirect: (path) => elsewhere.address + path.slice("/acme/apps.git".length) });
    const failure = open(server, "//apps", withToken);
    await expect(failure).rejects.toMatchObject({ class: "refused" });
    await expect(failure).rejects.toThrow(new URL(server.address).host);
    await expect(failure).rejects.toThrow(new URL(elsewhere.address).host);
    expect(elsewhere.requests).toEqual([]);
  });

  it("to another host after the first answer gets no token either", async () => {
    const elsewhere = await serve({ credentials });
    const server = await serve({
      credentials,
      redirect: (path) => (path.endsWith("/git-upload-pack") ? `${elsewhere.address}/git-upload-pack` : undefined),
    });
    await expect(open(server, "//apps", withToken)).rejects.toMatchObject({ class: "unreachable" });
    expect(elsewhere.requests).toEqual([]);
  });

  it("inside its host is followed, as forges do for a renamed repository", async () => {
    const server = await serve({
      credentials,
      redirect: (path) => (path.startsWith("/old/name/") ? path.replace("/old/name/", "/acme/apps.git/") : undefined),
    });
    const moved = { ...server, address: server.address.replace("/acme/apps.git", "/old/name") };
    const { revision } = await open(moved, "//apps", withToken);
    expect(revision.commit).toBe(await origin.git("rev-parse", "main"));
  });
});

describe("over HTTP", () => {
  it("reads only where that is allowed, and then sends no token", async () => {
    const server = await serve({ scheme: "http", credentials });
    await expect(open(server, "//apps", withToken)).rejects.toMatchObject({ class: "refused" });
    expect(server.requests).toEqual([]);
    await expect(open(server, "//apps", { ...withToken, http: "allowed" })).rejects.toMatchObject({ class: "auth" });
    expect(server.requests.map(({ authorization }) => authorization).filter((each) => each !== undefined)).toEqual([]);
    const free = await serve({ scheme: "http" });
    expect((await open(free, "//apps", { http: "allowed" })).files).toHaveLength(1);
  });
});

it("one question answers for all followers of a repository", async () => {
  const server = await serve();
  const setup = aSetup({ caFile: server.caFile, user: "daemon" });
  const refs = await listRemote([anAddress(server.address), anAddress(`${server.address}?ref=main`)], setup, never);
  expect([...refs.ids.keys()].toSorted()).toEqual(["HEAD", "refs/heads/main"]);
  expect(server.requests).toHaveLength(2);
});
