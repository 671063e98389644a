import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { GitSource } from "../../../src/model/git-revision.ts";
import { isAncestor } from "../../../src/source/git/ancestry.ts";
import { changedPaths } from "../../../src/source/git/changed-paths.ts";
import { openGit } from "../../../src/source/git/open-git.ts";
import { listRemote } from "../../../src/source/git/remote.ts";
import { chooseRef } from "../../../src/source/git/remote-refs.ts";
import { type Origin, originWith } from "../../support/git-origin.ts";
import { anAddress, aSetup, never, textIn } from "../../support/git-setup.ts";

let origin: Origin;
let first: string;
let second: string;

beforeAll(async () => {
  origin = await originWith({
    "readme.md": "not a manifest",
    "envs/prod/apps/bot.yaml": "kind: One",
    "envs/prod/prompts/bot.md": "Be kind.",
    "envs/prod/.llmstackignore": "drafts/\n",
    "envs/prod/drafts/x.yaml": "ignored",
    "envs/prod/apps/link.yaml": { link: "bot.yaml" },
    "envs/test/a.json": "{}",
    "top.yml": "top",
  });
  first = await origin.git("rev-parse", "HEAD");
  await origin.git("tag", "v1");
  await origin.git("tag", "-a", "v1.2.0", "-m", "first");
  second = await origin.commit({ "envs/prod/apps/bot.yaml": "kind: Two", "envs/prod/apps/new.yaml": "kind: New" });
  await origin.git("tag", "-a", "v1.10.0", "-m", "second");
  await origin.git("tag", "v2.0.0-rc.1");
  await origin.git("branch", "both");
  await origin.git("tag", "both");
});

afterAll(() => origin.remove());

function open(rest: string, ...changes: Parameters<typeof aSetup>): Promise<GitSource> {
  return openGit(anAddress(`${origin.address}${rest}`), aSetup(...changes), never);
}

describe("openGit", () => {
  it("reads the manifests of a folder of a tag, and nothing that is hidden, ignored or no manifest", async () => {
    const source = await open("//envs/prod?ref=v1");
    expect(source.files.map(({ path, text, directory }) => ({ path, text, directory }))).toEqual([
      { path: "envs/prod/apps/bot.yaml", text: "kind: One", directory: "apps" },
    ]);
    expect(source.unread).toEqual([]);
  });

  it("names ref, commit and the folder's tree", async () => {
    const { revision, label } = await open("//envs/prod?ref=v1");
    const tree = await origin.git("rev-parse", "v1:envs/prod");
    expect(revision).toEqual({ url: origin.address, ref: "v1", commit: first, tree, text: `v1@sha1:${first}` });
    expect(label).toBe(`${origin.address}//envs/prod at v1@sha1:${first}`);
  });

  it.each([
    { query: "", ref: "main", commit: () => second },
    { query: "?ref=main", ref: "main", commit: () => second },
    { query: "?ref=v1.2.0", ref: "v1.2.0", commit: () => first },
    { query: "?ref=refs/heads/both", ref: "both", commit: () => second },
    { query: "?semver=1.x", ref: "v1.10.0", commit: () => second },
    { query: "?semver=~1.2", ref: "v1.2.0", commit: () => first },
  ])("$query is $ref", async ({ query, ref, commit }) => {
    const { revision } = await open(query);
    expect(revision).toMatchObject({ ref, commit: commit() });
  });

  it("a commit alone is read as itself, and pins a ref that is given with it", async () => {
    expect((await open(`?commit=${first}`)).revision).toMatchObject({ text: `sha1:${first}`, commit: first });
    expect((await open(`?ref=v1&commit=${first}`)).revision).toMatchObject({ text: `v1@sha1:${first}` });
    await expect(open(`?ref=main&commit=${first}`)).rejects.toMatchObject({
      class: "refused",
      message: expect.stringContaining(second) as string,
    });
  });

  it.each([
    { query: "?ref=both", says: /branch and a tag/u },
    { query: "?ref=abc1234", says: /no branch or tag named abc1234/u },
    { query: "?ref=absent", says: /no branch or tag named absent/u },
    { query: "?semver=3.x", says: /no tag in the range 3\.x/u },
    { query: "//absent?ref=main", says: /absent does not exist/u },
    { query: "//envs/prod/apps/link.yaml?ref=main", says: /is a link/u },
  ])("refuses $query", async ({ query, says }) => {
    await expect(open(query)).rejects.toMatchObject({
      class: "refused",
      message: expect.stringMatching(says) as string,
    });
  });

  it("reads one file where one is named", async () => {
    const source = await open("//envs/prod/apps/bot.yaml");
    expect(source.files.map(({ path }) => path)).toEqual(["envs/prod/apps/bot.yaml"]);
    expect(source.revision.tree).toBe(await origin.git("rev-parse", "main:envs/prod/apps"));
  });

  it("opens files beside the manifests and finds them by glob, in the folder alone", async () => {
    const source = await open("//envs/prod");
    const root = source.files[0]?.root ?? "";
    expect(await textIn(source, "prompts/bot.md")).toBe("Be kind.");
    expect(await source.glob(root, "apps", "../prompts/*.md")).toEqual(["prompts/bot.md"]);
    await expect(source.glob(root, "apps", "../../test/*")).rejects.toMatchObject({ class: "invalid_manifest" });
    await expect(source.open(root, "../test/a.json")).rejects.toMatchObject({ class: "invalid_manifest" });
    await expect(source.open(root, "prompts/none.md")).rejects.toMatchObject({
      message: expect.stringContaining("does not exist") as string,
    });
  });

  it("keeps a store between runs: the second fetches nothing", async () => {
    const { cacheDirectory } = aSetup();
    const addresses = [await open("//envs/prod", { cacheDirectory }), await open("//envs/prod", { cacheDirectory })];
    expect(addresses.map(({ files }) => files.length)).toEqual([2, 2]);
  });

  it("reads a repository of sha256 ids", async () => {
    const other = await originWith({ "a.yaml": "a" }, "--object-format=sha256");
    const { revision, files } = await openGit(anAddress(other.address), aSetup(), never);
    expect(files.map(({ text }) => text)).toEqual(["a"]);
    expect(revision.text).toMatch(/^main@sha256:[0-9a-f]{64}$/u);
    await other.remove();
  });
});

describe("listRemote", () => {
  it("asks once for all that several addresses stand for", async () => {
    const addresses = ["?ref=main", "?ref=v1.2.0", ""].map((query) => anAddress(origin.address + query));
    const [one, ...more] = addresses;
    if (one === undefined) throw new Error("no address");
    const refs = await listRemote([one, ...more], aSetup(), never);
    expect(addresses.map((address) => chooseRef(address, refs))).toMatchObject([
      { name: "refs/heads/main", commit: second },
      { name: "refs/tags/v1.2.0", commit: first },
      { name: "refs/heads/main", commit: second },
    ]);
  });
});

describe("between two revisions", () => {
  it("tells history that goes on from history that was rewritten", async () => {
    const address = anAddress(origin.address);
    await origin.git("checkout", "-q", "-b", "rewritten", "v1");
    const other = await origin.commit({ "x.yaml": "x" });
    await origin.git("checkout", "-q", "main");
    expect(await isAncestor(first, second, address, aSetup(), never)).toBe(true);
    expect(await isAncestor(second, first, address, aSetup(), never)).toBe(false);
    expect(await isAncestor(second, other, address, aSetup(), never)).toBe(false);
  });

  it("names the paths that differ in the folder", async () => {
    const range = { base: first, head: second };
    const address = anAddress(`${origin.address}//envs`);
    expect(await changedPaths(range, address, aSetup(), never)).toEqual([
      "envs/prod/apps/bot.yaml",
      "envs/prod/apps/new.yaml",
    ]);
    expect(await changedPaths(range, { ...address, path: "envs/test" }, aSetup(), never)).toEqual([]);
  });
});
