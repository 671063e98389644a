import { existsSync, readdirSync, readFileSync } from "node:fs";
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { GitSource } from "../../../src/model/git-revision.ts";
import { openGit } from "../../../src/source/git/open-git.ts";
import type { GitSetup } from "../../../src/source/git/setup.ts";
import { clearStores, listStores } from "../../../src/source/git/store-upkeep.ts";
import { startCli } from "../../support/cli-process.ts";
import { type Break, type GitHttp, serveGit } from "../../support/git-http.ts";
import { type Origin, originWith } from "../../support/git-origin.ts";
import { anAddress, aSetup, never } from "../../support/git-setup.ts";

const TOKEN = "glpat-0123456789-in-no-place";

let origin: Origin;
let folder: string;
let fault: ((method: string) => Break | undefined) | undefined;
let server: GitHttp;

beforeAll(async () => {
  const files = Object.fromEntries(
    Array.from({ length: 200 }, (_, index) => [`${index}.yaml`, `# ${index} ${Math.sin(index)}`]),
  );
  origin = await originWith(files);
  folder = await mkdtemp(join(tmpdir(), "llmstack-sync-store-"));
  server = await serveGit(origin, { credentials: `x-access-token:${TOKEN}`, fault: ({ method }) => fault?.(method) });
});
afterAll(async () => {
  await server.close();
  await origin.remove();
  await rm(folder, { recursive: true, force: true });
});

async function open(cacheDirectory: string, changes: Partial<GitSetup> = {}): Promise<GitSource> {
  const setup = aSetup({
    caFile: server.caFile,
    user: "daemon",
    credentials: { token: TOKEN },
    cacheDirectory,
    ...changes,
  });
  return openGit(anAddress(server.address), setup, never);
}

/** Breaks the nth answer to a POST off, and says when. */
function breakNth(nth: number, how: Break): Promise<void> {
  const broken = Promise.withResolvers<void>();
  let count = 0;
  fault = (method) => {
    if (method !== "POST") return undefined;
    count += 1;
    return count === nth ? { ...how, onBreak: broken.resolve } : undefined;
  };
  return broken.promise;
}

describe("a run that is killed", () => {
  it.each([
    { says: "while trees come", nth: 2, after: 1 },
    { says: "amid a pack of trees", nth: 2, after: 600 },
    { says: "amid a pack of files", nth: 3, after: 1500 },
  ])("$says breaks no later one, and its arguments never held the token", async ({ nth, after }) => {
    const cache = join(folder, `killed-${nth}-${after}`);
    const broken = breakNth(nth, { after, ending: "hang" });
    const argv = ["validate", server.address, "--git-ca", server.caFile, "--git-cache", cache];
    const cli = startCli(argv, { cwd: folder, env: { LLMSTACK_GIT_TOKEN: TOKEN } });
    await broken;
    const running = commandLines().filter((line) => line.includes(server.address));
    expect(running.some((line) => line.startsWith("git\0") || line.includes("git-remote-https"))).toBe(true);
    expect(commandLines().filter((line) => line.includes(TOKEN))).toEqual([]);
    cli.child.kill("SIGKILL");
    expect((await cli.ended).code).toBe("SIGKILL");
    fault = undefined;
    expect((await open(cache)).files).toHaveLength(200);
  });
});

describe("a store", () => {
  it("holds no credential in any file", async () => {
    const cache = join(folder, "secrets");
    await open(cache);
    const names = await readdir(cache, { recursive: true, withFileTypes: true });
    const texts = names
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => readFileSync(join(parentPath, name), "latin1"));
    expect(texts.length).toBeGreaterThan(3);
    const encoded = Buffer.from(`x-access-token:${TOKEN}`).toString("base64");
    expect(texts.filter((text) => text.includes(TOKEN) || text.includes(encoded))).toEqual([]);
  });

  it("is never shared between credentials", async () => {
    const cache = join(folder, "identities");
    await open(cache, { credentials: { token: TOKEN, identity: "team-a/git" } });
    await open(cache, { credentials: { token: TOKEN, identity: "team-b/git" } });
    await open(cache, { credentials: { token: TOKEN, identity: "team-a/git" } });
    expect((await listStores(cache)).map(({ url }) => url)).toEqual([server.address, server.address]);
  });

  it("loses what a killed git left in it", async () => {
    const cache = join(folder, "leftovers");
    await open(cache);
    const repository = join(cache, (await listStores(cache))[0]?.id ?? "", "repo.git");
    const leftovers = ["shallow.lock", "objects/pack/tmp_pack_a1b2c3", "objects/tmp_obj_x"].map((name) =>
      join(repository, name),
    );
    for (const path of leftovers) await writeFile(path, "left");
    await origin.commit({ "new.yaml": "new" });
    expect((await open(cache)).files).toHaveLength(201);
    await origin.commit({ "new.yaml": null });
    expect(leftovers.filter((path) => existsSync(path))).toEqual([]);
  });

  it("that was damaged is thrown away and fetched anew", async () => {
    const cache = join(folder, "damaged");
    await open(cache);
    const packs = join(cache, (await listStores(cache))[0]?.id ?? "", "repo.git/objects/pack");
    for (const name of await readdir(packs)) {
      await chmod(join(packs, name), 0o600);
      await writeFile(join(packs, name), "damaged");
    }
    expect((await open(cache)).files).toHaveLength(200);
  });

  it("that has lost its objects is fetched anew", async () => {
    const cache = join(folder, "lost");
    await open(cache);
    await rm(join(cache, (await listStores(cache))[0]?.id ?? "", "repo.git/objects/pack"), { recursive: true });
    expect((await open(cache)).files).toHaveLength(200);
  });

  it("that grew to many times its first size is begun anew", async () => {
    const cache = join(folder, "grown");
    await open(cache);
    const [store] = await listStores(cache);
    const note = join(cache, store?.id ?? "", "store.json");
    const large = { ...(JSON.parse(await readFile(note, "utf8")) as object), bytes: 2 ** 30, firstBytes: 1000 };
    await writeFile(note, JSON.stringify(large));
    await open(cache);
    const [again] = await listStores(cache);
    expect(again?.bytes).toBeLessThan(2 ** 20);
    expect(again?.firstBytes).toBeGreaterThan(1000);
  });

  it("serves runs at the same time one after the other", async () => {
    const cache = join(folder, "together");
    const sources = await Promise.all([open(cache), open(cache), open(cache)]);
    expect(sources.map(({ files }) => files.length)).toEqual([200, 200, 200]);
    expect(await listStores(cache)).toHaveLength(1);
  });

  it("goes when it is told to", async () => {
    const cache = join(folder, "cleared");
    await open(cache);
    expect(await clearStores(cache)).toEqual({ removed: 1, inUse: 0 });
    expect(await listStores(cache)).toEqual([]);
  });

  it("is refused in a folder where others may write", async () => {
    const cache = await mkdtemp(join(folder, "shared-"));
    await chmod(cache, 0o777);
    await expect(open(cache)).rejects.toMatchObject({
      class: "usage",
      remedy: expect.stringContaining("--git-cache") as string,
    });
  });

  it("that is off leaves nothing", async () => {
    const source = await open("off");
    const before = (await readdir(tmpdir())).filter((name) => name.startsWith("llmstack-sync-git-")).length;
    await source.close();
    expect((await readdir(tmpdir())).filter((name) => name.startsWith("llmstack-sync-git-")).length).toBeLessThan(
      before,
    );
  });
});

/** What every process of this machine shows of itself to every user. */
function commandLines(): readonly string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/u.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8");
      } catch {
        return "";
      }
    });
}
