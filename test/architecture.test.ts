import { readFile } from "node:fs/promises";
import { posix } from "node:path";
import glob from "fast-glob";
import { describe, expect, it } from "vitest";

/** What a folder of src may import from src, itself aside. design.md 12 and the reasons beside each row. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  model: [], // nouns outlive everything
  kinds: ["model"],
  manifest: ["model", "kinds"],
  plan: ["model"], // a plan never learns a kind's name
  report: ["model"], // a report never learns HTTP
  "listen-on.ts": ["model"], // how anything of ours gets its port
  "write-fence.ts": [], // the last moment before a write, for whoever sends one
  lock: ["model"], // one way to keep two processes apart
  source: ["model", "lock"],
  client: ["model", "write-fence.ts"],
  apply: ["model", "client", "lock"], // the only caller of writes
  server: ["model", "listen-on.ts"], // the other end of the wire: never the client, never the engine
  kube: ["model", "write-fence.ts"], // the Kubernetes API, for whoever it is
  follow: ["model", "source", "listen-on.ts"], // when to look at a repository again: it decides nothing about what is in there
  "load-wanted.ts": ["model", "manifest", "source"], // reads what manifests name beside themselves
  "pipeline.ts": ["model", "kinds", "manifest", "plan", "report", "source", "client", "apply", "load-wanted.ts"],
  // shells do not know each other, but that the command line starts them
  operator: [
    "model",
    "kinds",
    "manifest",
    "plan",
    "report",
    "source",
    "client",
    "apply",
    "kube",
    "follow",
    "pipeline.ts",
    "listen-on.ts",
  ],
  cli: "model kinds manifest plan report source client apply follow server operator pipeline.ts listen-on.ts ci".split(
    " ",
  ),
  // a shell beside the command line, with its settings and its output; of cli the table of commands alone knows it
  ci: "model kinds manifest plan report source client apply pipeline.ts cli".split(" "),
  "bin.ts": ["cli"],
};

const PURE = new Set(["model", "kinds", "manifest", "plan", "report"]);
const PURE_NODE_MODULES = new Set(["node:crypto", "node:util", "node:path"]);
const IMPURE = /\b(?:fetch|process|setTimeout|setInterval|await|Math\.random|randomUUID|Date\.now)\b|\bnew Date\(\)/u;

const files = await glob("src/**/*.ts", { cwd: new URL("..", import.meta.url).pathname });
const sources = await Promise.all(
  files.map(async (path) => ({ path, text: await readFile(new URL(`../${path}`, import.meta.url), "utf8") })),
);

function folderOf(path: string): string {
  return path.split("/")[1] ?? "";
}

function importsOf(text: string): readonly string[] {
  return [...text.matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/gu)].map((match) => match[1] ?? "");
}

/** Comments and strings may name what code may not use. */
function codeOf(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/gmu, "");
}

describe("architecture", () => {
  it("sees the sources", () => {
    expect(files.length).toBeGreaterThan(10);
  });

  it.each(sources)("$path imports only what its folder may", ({ path, text }) => {
    const folder = folderOf(path);
    const allowed = MAY_IMPORT[folder];
    expect(allowed, `src/${folder} has no row in the table`).toBeDefined();
    const targets = importsOf(text)
      .filter((name) => name.startsWith("."))
      .map((name) => folderOf(posix.join(posix.dirname(path), name)));
    expect(targets.filter((target) => target !== folder && !allowed?.includes(target))).toEqual([]);
  });

  it("lets only the table of commands know the shell for CI jobs", () => {
    const knowing = sources.filter(
      ({ path, text }) => folderOf(path) === "cli" && importsOf(text).some((name) => name.includes("/ci/")),
    );
    expect(knowing.map(({ path }) => path)).toEqual(["src/cli/command-table.ts"]);
  });

  it.each(sources.filter(({ path }) => PURE.has(folderOf(path))))("$path is pure", ({ text }) => {
    const nodeModules = importsOf(text).filter((name) => name.startsWith("node:") && !PURE_NODE_MODULES.has(name));
    expect(nodeModules).toEqual([]);
    expect(IMPURE.exec(codeOf(text))?.[0]).toBeUndefined();
  });

  it("catches a planted violation", () => {
    expect(importsOf('import { x } from "../client/client.ts";')).toEqual(["../client/client.ts"]);
    expect(IMPURE.test(codeOf("const now = Date.now();"))).toBe(true);
    expect(IMPURE.test(codeOf('const says = "fetch"; // process'))).toBe(false);
  });
});
