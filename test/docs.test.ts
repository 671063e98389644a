import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { commandRows } from "../src/cli/command-table.ts";
import { EXIT_MEANINGS } from "../src/cli/exit-codes.ts";
import { longName } from "../src/cli/options/flag.ts";
import { commonFlags } from "../src/cli/options/output.ts";

const project = fileURLToPath(new URL("..", import.meta.url));

async function page(path: string): Promise<string> {
  return readFile(join(project, path), "utf8");
}

const docs = (await readdir(join(project, "docs")))
  .filter((name) => name.endsWith(".md"))
  .map((name) => `docs/${name}`);
const examples = (await readdir(join(project, "examples"))).map((name) => `examples/${name}/README.md`);
const commands = commandRows.filter(({ isHidden }) => !isHidden);
const flagNames = new Set([...commandRows.flatMap(({ flags }) => flags), ...commonFlags].map(longName));

/** Flags of kubectl and helm that the pages mention. */
const FOREIGN = [
  "--all",
  "--all-namespaces",
  "--armor",
  "--create-namespace",
  "--depth",
  "--export",
  "--for",
  "--from-literal",
  "--namespace",
  "--server-side",
  "--overwrite",
];
const KNOWN = new Set([...flagNames, "--help", ...FOREIGN]);

describe("the documentation", () => {
  it.each(commands)("has a section on $name", async ({ name }) => {
    expect(await page("docs/commands.md")).toMatch(new RegExp(`^## ${name}$`, "mu"));
    expect(await page("README.md")).toContain(`\`${name}\``);
  });

  it("says what every flag means", async () => {
    const text = (await page("docs/commands.md")) + (await page("docs/reference-server.md"));
    expect([...flagNames].filter((name) => !text.includes(`\`${name}`) && !text.includes(`, \`${name}`))).toEqual([]);
  });

  it.each(["README.md", ...docs, ...examples])("%s names no flag that does not exist", async (path) => {
    const named = [...(await page(path)).matchAll(/(?<![\w-])--[a-z][a-z-]+/gu)].map(([flag]) => flag);
    expect(named.filter((flag) => !KNOWN.has(flag))).toEqual([]);
  });

  it.each(["README.md", "docs/commands.md"])("%s lists the exit codes as they are", async (path) => {
    const rows = [...(await page(path)).matchAll(/^\| (\d+) \| (.*) \|$/gmu)].map(([, code, meaning = ""]) => [
      Number(code),
      meaning.replaceAll("`", ""),
    ]);
    expect(rows).toEqual(EXIT_MEANINGS);
  });

  it.each(["README.md", ...docs])("%s links to pages that exist", async (path) => {
    const links = [...(await page(path)).matchAll(/\]\((?!https?:)([^)#]*)(?:#[\w-]+)?\)/gu)].map(
      ([, link = ""]) => link,
    );
    await Promise.all(
      links
        .filter((link) => link !== "")
        .map(async (link) => {
          const target = join(dirname(path), link);
          await expect(readdir(join(project, target)).catch(() => page(target))).resolves.toBeDefined();
        }),
    );
  });
});
