import { execFile } from "node:child_process";
import { chmod, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Source } from "../../src/model/source.ts";
import { openDirectory } from "../../src/source/directory.ts";

const run = promisify(execFile);
let cwd = "";

beforeEach(async () => {
  cwd = await realpath(await mkdtemp(join(tmpdir(), "source-")));
});

afterEach(async () => {
  await rm(cwd, { recursive: true });
});

async function write(files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
  for (const [path, body] of Object.entries(files)) {
    await mkdir(dirname(join(cwd, path)), { recursive: true });
    await writeFile(join(cwd, path), body);
  }
}

async function open(...paths: readonly string[]): Promise<Source> {
  return openDirectory(paths, { cwd, readStdin: async () => "from: stdin\n" });
}

async function pathsOf(...paths: readonly string[]): Promise<readonly string[]> {
  return (await open(...paths)).files.map(({ path }) => path);
}

async function textOf(source: Source, root: string, path: string): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of (await source.open(root, path)).read()) pieces.push(piece);
  return Buffer.concat(pieces).toString("utf8");
}

describe("openDirectory", () => {
  it("reads .yaml, .yml and .json of a directory and its folders, sorted, and nothing hidden", async () => {
    await write({
      "m/b.yaml": "b",
      "m/a/z.yml": "z",
      "m/a.json": "{}",
      "m/readme.md": "no",
      "m/.hidden.yaml": "no",
      "m/.git/x.yaml": "no",
      "m/node_modules/p/x.yaml": "no",
    });
    expect(await pathsOf("m")).toEqual(["m/a.json", "m/a/z.yml", "m/b.yaml"]);
  });

  it("shows paths as they were typed, and knows each manifest's folder below its root", async () => {
    await write({ "m/apps/a.yaml": "a" });
    const root = join(cwd, "m");
    expect((await open("./m/")).files).toEqual([{ path: "m/apps/a.yaml", text: "a", root, directory: "apps" }]);
    expect((await open(root)).files).toMatchObject([{ path: join(root, "apps/a.yaml") }]);
    expect((await open("m/apps/a.yaml")).files).toMatchObject([{ root: join(root, "apps"), directory: "" }]);
    expect((await open("m/**/*.yaml")).files).toMatchObject([{ root, directory: "apps", path: "m/apps/a.yaml" }]);
  });

  it("takes a file of any name when it is named outright, and one with wildcards in its name", async () => {
    await write({ "app.txt": "a", "[1].yaml": "b", ".hidden.yaml": "c" });
    expect(await pathsOf("app.txt", "[1].yaml", ".hidden.yaml")).toEqual([".hidden.yaml", "[1].yaml", "app.txt"]);
  });

  it("expands braces, and takes what is in several folders", async () => {
    await write({ "a/x.yaml": "a", "b/x.yaml": "b", "c/x.yaml": "c" });
    expect(await pathsOf("{a,b}/*.yaml")).toEqual(["a/x.yaml", "b/x.yaml"]);
  });

  it("reads standard input for -, with the current directory as its root", async () => {
    expect((await open("-")).files).toEqual([{ path: "-", text: "from: stdin\n", root: cwd, directory: "" }]);
  });

  it("reads a file once when two paths lead to it, and gives it the wider root", async () => {
    await write({ "m/apps/a.yaml": "a" });
    for (const paths of [
      ["m/apps/a.yaml", "m"],
      ["m", "m/apps/a.yaml"],
    ]) {
      expect((await open(...paths)).files).toMatchObject([{ root: join(cwd, "m"), directory: "apps" }]);
    }
  });

  it("leaves out what .llmstackignore says, in gitignore's syntax, but not a file named outright", async () => {
    await write({
      "m/.llmstackignore": "# drafts\ndrafts/\n*.local.yaml\n!keep.local.yaml\n",
      "m/a.yaml": "a",
      "m/drafts/b.yaml": "b",
      "m/c.local.yaml": "c",
      "m/keep.local.yaml": "d",
    });
    expect(await pathsOf("m")).toEqual(["m/a.yaml", "m/keep.local.yaml"]);
    expect(await pathsOf("m/drafts/b.yaml")).toEqual(["m/drafts/b.yaml"]);
  });

  it("names every path that leads to nothing, at once", async () => {
    await expect(open("nowhere", "none/*.yaml", "absent.yaml")).rejects.toMatchObject({
      class: "usage",
      message:
        "3 paths lead to nothing:\n  absent.yaml does not exist\n  none/*.yaml matches no file\n  nowhere does not exist",
    });
  });

  it.each(["", "  "])("takes the path %j for a mistake, not for everything here", async (path) => {
    await expect(open(path)).rejects.toMatchObject({
      class: "usage",
      message: expect.stringMatching(/is empty$/u) as string,
    });
  });

  it("takes globs from where one stands and from the root of the disk", async () => {
    await write({ "m/x/a.yaml": "a", "m/y/b.yaml": "b", "m/y/c.txt": "c" });
    expect(await pathsOf("m/*/*.yaml")).toEqual(["m/x/a.yaml", "m/y/b.yaml"]);
    expect(await pathsOf("m/{x,y}/a.yaml")).toEqual(["m/x/a.yaml"]);
    expect(await pathsOf(join(cwd, "m/*/b.yaml"))).toEqual([join(cwd, "m/y/b.yaml")]);
  });

  it("an empty directory holds no manifests, which is for the caller to judge", async () => {
    await write({ "m/readme.md": "x" });
    expect(await pathsOf("m")).toEqual([]);
  });

  it("names every file that is no text, with the position, and every file above 10 MiB", async () => {
    await write({
      "bad.yaml": Buffer.from([0x61, 0x0a, 0xc3, 0xa9, 0x62, 0xff, 0x63]),
      "big.yaml": Buffer.alloc(10 * 1024 * 1024 + 1, 0x20),
      "ok.yaml": "a: 1",
    });
    const { files, unread } = await open(".");
    expect(files.map(({ path }) => path)).toEqual(["ok.yaml"]);
    expect(unread.map(({ path }) => path)).toEqual(["bad.yaml", "big.yaml"]);
    expect(unread[0]?.message).toContain("is not valid UTF-8 at line 2, column 3");
    expect(unread[1]?.message).toContain("is larger than 10 MiB");
  });

  it("a file of exactly 10 MiB is read, and a byte order mark is not part of the text", async () => {
    await write({ "big.yaml": Buffer.alloc(10 * 1024 * 1024, 0x20), "bom.yaml": "\uFEFFa: 1" });
    const { files } = await open(".");
    expect(files.map(({ text }) => text.length)).toEqual([10 * 1024 * 1024, 4]);
  });

  it("reads what a pipe holds, whose size is not known before", async () => {
    const script = `import { openDirectory } from "./src/source/directory.ts";
      const source = await openDirectory(["/dev/fd/3"], { cwd: "/", readStdin: async () => "" });
      process.stdout.write(source.files[0].text);`;
    const { stdout } = await run("bash", [
      "-c",
      `"$0" --input-type=module -e '${script}' 3< <(echo piped: yes)`,
      process.execPath,
    ]);
    expect(stdout).toBe("piped: yes\n");
  });

  it("a folder that cannot be read is an error, never skipped", async () => {
    await write({ "m/a.yaml": "a", "m/closed/b.yaml": "b" });
    await chmod(cwd, 0o755);
    await chmod(join(cwd, "m/closed"), 0o000);
    const script = `import { openDirectory } from "./src/source/directory.ts";
      process.setuid?.(${process.getuid?.() === 0 ? 65534 : (process.getuid?.() ?? 0)});
      await openDirectory(["m"], { cwd: ${JSON.stringify(cwd)}, readStdin: async () => "" }).then(
        ({ unread }) => process.stdout.write(unread.map(({ message }) => message).join()));`;
    const { stdout } = await run(process.execPath, ["--input-type=module", "-e", script]);
    await chmod(join(cwd, "m/closed"), 0o755);
    expect(stdout).toBe("m/closed cannot be read: permission denied");
  });

  it("reads 10,000 files of 100 folders", async () => {
    const names = Array.from({ length: 10_000 }, (_, index) => `d${index % 100}/f${index}.yaml`);
    await write(Object.fromEntries(names.map((name) => [name, name])));
    const { files } = await open(".");
    expect(files.map(({ text }) => text)).toEqual(names.toSorted());
  });
});

describe("links", () => {
  it("inside the directory are followed, and a file that they lead to is read once", async () => {
    await write({ "m/..data/sub/b.yaml": "b", "m/..data/a.yaml": "a", "m/real.yaml": "r" });
    await symlink("..data/a.yaml", join(cwd, "m/a.yaml"));
    await symlink("..data/sub", join(cwd, "m/sub"));
    await symlink("real.yaml", join(cwd, "m/again.yaml"));
    expect(await pathsOf("m")).toEqual(["m/a.yaml", "m/real.yaml", "m/sub/b.yaml"]);
  });

  it("that run in circles end, and change nothing", async () => {
    await write({ "m/a/x.yaml": "x", "m/b/y.yaml": "y" });
    await symlink("..", join(cwd, "m/a/up"));
    await symlink("../b", join(cwd, "m/a/b"));
    await symlink("../a", join(cwd, "m/b/a"));
    await symlink("self", join(cwd, "m/self"));
    expect(await pathsOf("m")).toEqual(["m/a/x.yaml", "m/b/y.yaml"]);
  });

  it("that lead out of the directory are errors, for files and for folders", async () => {
    await write({ "m/a.yaml": "a", "out/b.yaml": "b", "out/c.txt": "c" });
    await symlink("../out/b.yaml", join(cwd, "m/b.yaml"));
    await symlink("../out", join(cwd, "m/folder"));
    await symlink("../out/c.txt", join(cwd, "m/c.txt"));
    const told = (await open("m")).unread.map(({ message }) => message).join("\n");
    expect(told).toContain("m/b.yaml is a link that leads out of here");
    expect(told).toContain("m/folder is a link that leads out of here");
    await write({ "m/.llmstackignore": "folder\nb.yaml\n" });
    expect(await pathsOf("m")).toEqual(["m/a.yaml"]);
  });

  it("that lead to nothing are errors where they look like manifests", async () => {
    await write({ "m/a.yaml": "a" });
    await symlink("gone", join(cwd, "m/b.yaml"));
    await symlink("gone", join(cwd, "m/c.txt"));
    expect((await open("m")).unread).toMatchObject([{ severity: "error", path: "m/b.yaml" }]);
  });

  it("may be the path that was typed: its target is what was meant", async () => {
    await write({ "real/a.yaml": "a", "real/docs/x.md": "x" });
    await symlink("real", join(cwd, "current"));
    const source = await open("current");
    expect(source.files).toMatchObject([{ path: "current/a.yaml", root: join(cwd, "real") }]);
    expect(await source.glob(join(cwd, "real"), "", "docs/*.md")).toEqual(["docs/x.md"]);
  });
});

describe("files that manifests name", () => {
  const root = (): string => join(cwd, "m");

  it("are found by globs relative to the manifest's folder, sorted", async () => {
    await write({ "m/apps/[a]/docs/b.md": "", "m/apps/[a]/docs/a.md": "", "m/docs/c.md": "", "m/docs/.d.md": "" });
    const source = await open("m");
    expect(await source.glob(root(), "apps/[a]", "docs/*.md")).toEqual(["apps/[a]/docs/a.md", "apps/[a]/docs/b.md"]);
    expect(await source.glob(root(), "apps/[a]", "../../docs/**")).toEqual(["docs/c.md"]);
    expect(await source.glob(root(), "", "docs/c.md")).toEqual(["docs/c.md"]);
    expect(await source.glob(root(), "", "nothing/*.md")).toEqual([]);
  });

  it("may be what .llmstackignore keeps out of the manifests", async () => {
    await write({ "m/.llmstackignore": "docs/\n", "m/docs/openapi.yaml": "text" });
    const source = await open("m");
    expect(source.files).toEqual([]);
    expect(await source.glob(root(), "", "docs/*")).toEqual(["docs/openapi.yaml"]);
    expect(await textOf(source, root(), "docs/openapi.yaml")).toBe("text");
  });

  it("are streamed, as often as asked", async () => {
    const long = "x".repeat(300_000);
    await write({ "m/long.md": long });
    const source = await open("m");
    const file = await source.open(root(), "long.md");
    expect(file.size).toBe(300_000);
    for (const _ of [1, 2]) {
      const sizes: number[] = [];
      for await (const piece of file.read()) sizes.push(piece.length);
      expect(sizes.length).toBeGreaterThan(1);
      expect(sizes.reduce((sum, size) => sum + size)).toBe(300_000);
    }
  });

  it.each(["../secret", "a/../../secret", "/etc/hostname", "out/secret", "secret-link", "a\0b", "absent", ".", "docs"])(
    "%j is not opened: it is outside, missing or no file",
    async (path) => {
      await write({ "m/docs/a.md": "a", "elsewhere/secret": "s", secret: "s" });
      await symlink("../elsewhere", join(root(), "out"));
      await symlink("../secret", join(root(), "secret-link"));
      const source = await open("m/docs/a.md");
      await expect(source.open(root(), path)).rejects.toMatchObject({ name: "SyncError", class: "invalid_manifest" });
    },
  );

  it.each(["../*", "/etc/*", "out/*", "*/secret", "*-link"])(
    "the glob %j finds nothing outside: it is refused",
    async (pattern) => {
      await write({ "m/docs/a.md": "a", "elsewhere/secret": "s", secret: "s" });
      await symlink("../elsewhere", join(root(), "out"));
      await symlink("../secret", join(root(), "secret-link"));
      const source = await open("m/docs/a.md");
      await expect(source.glob(root(), "", pattern)).rejects.toMatchObject({ class: "invalid_manifest" });
    },
  );

  it("a link inside the folder may be opened; one exchanged for a link outwards later is not read", async () => {
    await write({ "m/docs/a.md": "inside", "m/docs/b.md": "b", secret: "s" });
    await symlink("docs/a.md", join(root(), "link.md"));
    const source = await open("m/docs/b.md");
    expect(await textOf(source, root(), "link.md")).toBe("inside");
    const file = await source.open(root(), "link.md");
    await rm(join(root(), "link.md"));
    await symlink("../secret", join(root(), "link.md"));
    await expect(file.read()[Symbol.asyncIterator]().next()).rejects.toMatchObject({ class: "invalid_manifest" });
  });
});
