import { afterAll, describe, expect, it } from "vitest";
import { textIn } from "../../support/git-setup.ts";
import { blobOf, branchOf, makeOrigin, openOrigin, problemsOf, removeOrigins } from "../../support/hostile-origin.ts";

afterAll(removeOrigins);

describe("submodules and links", () => {
  it("a submodule is never fetched: a warning, and an error for who names a file in it", async () => {
    const origin = await makeOrigin({
      "apps/a.yaml": "a",
      ".gitmodules": '[submodule "x"]\npath = apps/x\nurl = -u./payload\n',
    });
    const commit = await origin.git("rev-parse", "HEAD");
    await origin.git("update-index", "--add", "--cacheinfo", `160000,${commit},apps/x`);
    await origin.git("commit", "-q", "-m", "submodule");
    const source = await openOrigin(origin, "//apps");
    expect(source.unread).toMatchObject([
      { severity: "warning", message: expect.stringContaining("apps/x is a submodule") as string },
    ]);
    await expect(textIn(source, "x/file.md")).rejects.toMatchObject({ class: "invalid_manifest" });
    await expect(textIn(source, "x")).rejects.toMatchObject({
      message: expect.stringContaining("submodule") as string,
    });
    await expect(openOrigin(origin, "//apps/x")).rejects.toMatchObject({
      message: expect.stringContaining("is a submodule") as string,
    });
  });

  it.each([
    { says: "to the disk", link: "/etc/passwd" },
    { says: "out of the folder", link: "../secret.md" },
    { says: "out of the repository", link: "../../../../../../etc/passwd" },
    { says: "through another link", link: "second" },
    { says: "to where the tree is kept inside this program", link: "/tree/a.yaml" },
    { says: "out and back in", link: "../tree/a.yaml" },
  ])("a link $says is a problem as a manifest, and an error as a file", async ({ link }) => {
    const origin = await makeOrigin({
      "secret.md": "secret",
      "apps/a.yaml": "a",
      "apps/x.yaml": { link },
      "apps/x.md": { link },
      "apps/second": { link: "../secret.md" },
    });
    const source = await openOrigin(origin, "//apps");
    expect(source.files.map(({ text }) => text)).toEqual(["a"]);
    expect(problemsOf(source)).toContain(
      "apps/x.yaml is a link that leads out of here. List it in .llmstackignore if it is no manifest",
    );
    await expect(textIn(source, "x.md")).rejects.toMatchObject({
      message: expect.stringContaining("leads out") as string,
    });
    await expect(source.glob("", "", "*.md")).rejects.toMatchObject({ class: "invalid_manifest" });
  });

  it("a link inside the folder is what it leads to; one in a circle is a problem", async () => {
    const origin = await makeOrigin({
      "m/real/a.yaml": "a",
      "m/folder": { link: "real" },
      "m/b.md": { link: "real/../deep.md" },
      "m/deep.md": "deep",
      "m/circle.yaml": { link: "circle.yaml" },
      "m/none.yaml": { link: "absent.yaml" },
    });
    const source = await openOrigin(origin, "//m");
    expect(source.files.map(({ path }) => path)).toEqual(["m/real/a.yaml"]);
    expect(await textIn(source, "b.md")).toBe("deep");
    expect(problemsOf(source).toSorted()).toMatchObject(
      [/circle\.yaml/u, /none\.yaml/u].map((says) => expect.stringMatching(says) as string),
    );
  });

  it("a folder outside that a link leads to is never skipped in silence", async () => {
    const origin = await makeOrigin({ "shared/b.yaml": "b", "m/a.yaml": "a", "m/shared": { link: "../shared" } });
    expect(problemsOf(await openOrigin(origin, "//m"))).toEqual(["m/shared is a link that leads out of here"]);
  });
});

describe("contents", () => {
  it("are the bytes that were committed, whatever attributes ask for", async () => {
    const text = "a: 1\nid: $Id$ $Format:%H$\n";
    const origin = await makeOrigin({ "a.yaml": text });
    const attributes = `* filter=evil eol=crlf working-tree-encoding=UTF-16 ident export-subst ${"x".repeat(5000)}\n`;
    await branchOf(origin, "attributes", [
      `100644 blob ${await blobOf(origin, attributes)}\t.gitattributes`,
      `100644 blob ${await blobOf(origin, text)}\ta.yaml`,
    ]);
    expect((await openOrigin(origin, "?ref=attributes")).files.map((file) => file.text)).toEqual([text]);
  });

  it("that are a Git LFS pointer are an error", async () => {
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${"0".repeat(64)}\nsize 12\n`;
    const origin = await makeOrigin({ "a.yaml": pointer, "b.md": pointer, "c.yaml": "c" });
    const source = await openOrigin(origin);
    expect(problemsOf(source)).toEqual([expect.stringContaining("a.yaml is a Git LFS pointer")]);
    await expect(textIn(source, "b.md")).rejects.toMatchObject({
      message: expect.stringContaining("LFS pointer") as string,
    });
  });

  it("that are larger than a manifest may be are a problem, and not read", async () => {
    const origin = await makeOrigin({ "a.yaml": "#".repeat(11 * 1024 * 1024), "b.yaml": "b" });
    const source = await openOrigin(origin);
    expect(source.files.map(({ path }) => path)).toEqual(["b.yaml"]);
    expect(problemsOf(source)).toEqual([expect.stringContaining("a.yaml is larger than 10 MiB")]);
  });

  it("that come to more than may be read are refused before they are", async () => {
    const zeros = "0".repeat(3 * 1024 * 1024);
    const origin = await makeOrigin({ "a.yaml": `#${zeros}`, "b.yaml": `# ${zeros}`, "c.yaml": "c" });
    const limits = { files: 100, bytes: 5 * 1024 * 1024 };
    await expect(openOrigin(origin, "", { limits })).rejects.toMatchObject({
      class: "refused",
      message: expect.stringContaining(String(limits.bytes)) as string,
    });
  });

  it("of a file that a manifest names count too", async () => {
    const origin = await makeOrigin({ "a.yaml": "a", "big.bin": "0".repeat(3 * 1024 * 1024) });
    const source = await openOrigin(origin, "", { limits: { files: 100, bytes: 1024 * 1024 } });
    await expect(textIn(source, "big.bin")).rejects.toMatchObject({ class: "refused" });
  });
});

describe("trees", () => {
  it("that list ten thousand million files are refused after the first of them", async () => {
    const origin = await makeOrigin({ "a.yaml": "a" });
    let entry = `100644 blob ${await blobOf(origin, "x: 1\n")}`;
    for (let level = 0; level < 10; level += 1) {
      const lines = Array.from(
        { length: 10 },
        (_, index) => `${entry}\t${level === 0 ? `f${index}.yaml` : `d${index}`}`,
      );
      entry = `040000 tree ${await origin.gitWith(`${lines.join("\n")}\n`, "mktree")}`;
    }
    await origin.git("branch", "bomb", await origin.git("commit-tree", "-m", "bomb", entry.split(" ")[2] ?? ""));
    await expect(openOrigin(origin, "?ref=bomb")).rejects.toMatchObject({
      class: "refused",
      message: expect.stringContaining("100000 files") as string,
    });
  });

  it("deeper than anybody's folders are refused", async () => {
    const origin = await makeOrigin({ [`${"d/".repeat(70)}a.yaml`]: "a" });
    await expect(openOrigin(origin)).rejects.toMatchObject({
      class: "refused",
      message: expect.stringContaining("64 folders") as string,
    });
  });

  it.each(["..", ".git", "."])("with an entry named %s are refused", async (name) => {
    const origin = await makeOrigin({ "a.yaml": "a" });
    const inner = await origin.gitWith(`100644 blob ${await blobOf(origin, "x")}\ta.yaml\n`, "mktree");
    await branchOf(origin, "evil", [`040000 tree ${inner}\t${name}`]);
    await expect(openOrigin(origin, "?ref=evil")).rejects.toMatchObject({ class: "refused" });
  });

  it("with names that nobody can see or type are problems, and hide nothing", async () => {
    const origin = await makeOrigin({ "a.yaml": "a" });
    const id = await blobOf(origin, "x");
    await branchOf(origin, "names", [
      `100644 blob ${id}\ta\nb.yaml`,
      `100644 blob ${id}\tb\u001b[2Jc.yaml`,
      Buffer.concat([Buffer.from(`100644 blob ${id}\tc`), Buffer.from([0xff]), Buffer.from(".yaml")]),
      `100644 blob ${id}\tfine.yaml`,
      `100644 blob ${id}\tz\n.md`,
    ]);
    const source = await openOrigin(origin, "?ref=names");
    expect(source.files.map(({ path }) => path)).toEqual(["fine.yaml"]);
    expect(problemsOf(source)).toHaveLength(3);
    // oxlint-disable-next-line no-control-regex -- They are what is looked for.
    expect(problemsOf(source).join("")).not.toMatch(/[\u0000-\u001f]/u);
  });

  it("with names that differ in case or accents alone are problems", async () => {
    const origin = await makeOrigin({ "a.yaml": "a" });
    const id = await blobOf(origin, "x");
    await branchOf(origin, "twins", [
      `100644 blob ${id}\tA.yaml`,
      `100644 blob ${id}\ta.yaml`,
      `100644 blob ${id}\tcaf\u00e9.yaml`,
      `100644 blob ${id}\tcafe\u0301.yaml`,
      `100644 blob ${id}\tother.yaml`,
    ]);
    const source = await openOrigin(origin, "?ref=twins");
    expect(source.files.map(({ path }) => path)).toEqual(["other.yaml"]);
    expect(problemsOf(source)).toHaveLength(4);
  });
});
