import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { docRules } from "../src/client/dialects/doc/rules.ts";
import { dialects } from "../src/client/dialects/index.ts";
import * as eras from "../src/client/dialects/real/era.ts";
import { realRules } from "../src/client/dialects/real/rules.ts";
import { kinds } from "../src/kinds/index.ts";
import type { DialectRules, KindCapabilities } from "../src/model/dialect.ts";
import { dialects as played } from "../src/server/dialects/dialects.ts";

/** The columns of docs/servers.md: every family of servers that the client tells apart, oldest first. */
const COLUMNS: readonly (readonly [string, DialectRules])[] = [
  ["documented API", docRules],
  ...[eras.EARLY_CLASSIC, eras.CLASSIC, eras.SLUG, eras.EARLY_PIPELINE, eras.PIPELINE, eras.VERSIONED].map(
    (era) => [era.releases.replace("LLMStack ", ""), realRules(era)] as const,
  ),
];

const MARKS: Readonly<Record<KindCapabilities["mark"], string>> = {
  mutable: "in config",
  fixed: "fixed",
  none: "none",
};

/** The rows of docs/servers.md, each with what a server's rules make of it. */
const ROWS: Readonly<Record<string, (rules: DialectRules) => string>> = {
  dialect: ({ name }) => `\`${name}\``,
  "mark of an app": (rules) => MARKS[kindOf(rules, "App").mark],
  "mark of a datasource": (rules) => MARKS[kindOf(rules, "Datasource").mark],
  "mark of an entry": ({ capabilities }) => (capabilities.entryMark === "metadata" ? "in metadata" : "in name"),
  "metadata of an entry": ({ capabilities }) => capabilities.entryMetadata,
  "`publish` of an app": (rules) => (kindOf(rules, "App").unsupported.includes("/publish") ? "held" : "yes"),
  "`pipeline` of a datasource": (rules) =>
    kindOf(rules, "Datasource").unsupported.includes("/pipeline") ? "held" : "yes",
  "connections by name": ({ capabilities }) => (capabilities.connections ? "yes" : "no"),
  "drafts and versions": ({ capabilities }) => (capabilities.versions ? "yes" : "no"),
  "a write of an app": ({ capabilities }) => (capabilities.mintsVersions ? "new version" : "overwrites"),
  "another type of an app": (rules) => changeOf(rules, "App", "/type_slug"),
  "no processors any more": (rules) => (kindOf(rules, "App").unclearable.includes("/processors") ? "held" : "update"),
  "a change of an app without processors": (rules) =>
    kindOf(rules, "App").neededForUpdate?.includes("/processors") === true ? "held" : "update",
  "icon of an app": (rules) =>
    rules.isServerRewrite("App", "/icon", { sent: "https://example.com/i.png", got: undefined }, {})
      ? "dropped"
      : "kept",
  "settings of processors": (rules) =>
    rules.isServerDefault("App", "/processors/0/config/any", 1, {}) ? "filled up" : "as sent",
  "another name of a datasource": (rules) => changeOf(rules, "Datasource", "/name"),
  "another type of a datasource": (rules) => changeOf(rules, "Datasource", "/type"),
};

function kindOf({ capabilities }: DialectRules, kind: string): KindCapabilities {
  const found = capabilities.kinds[kind];
  if (found === undefined) throw new Error(`no capabilities of ${kind}`);
  return found;
}

function changeOf(rules: DialectRules, kind: string, path: string): string {
  return kindOf(rules, kind).fixed.includes(path) ? "replace" : "update";
}

/** The cells of the first table of a page, row by row, without the line under its head. */
async function tableOf(page: string): Promise<readonly (readonly string[])[]> {
  const text = await readFile(new URL(`../docs/${page}`, import.meta.url), "utf8");
  const [table = ""] = /(?:^\|.*\|\n)+/mu.exec(text) ?? [];
  const rows = table
    .trim()
    .split("\n")
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  return rows.filter((_, index) => index !== 1);
}

describe("docs/servers.md", () => {
  it("says of every family of servers what the client's rules say", async () => {
    const expected = Object.entries(ROWS).map(([name, cellOf]) =>
      [name].concat(COLUMNS.map(([, rules]) => cellOf(rules))),
    );
    expect(await tableOf("servers.md")).toEqual([["", ...COLUMNS.map(([name]) => name)], ...expected]);
  });

  it("leaves out no dialect, no kind and no place that is special somewhere", () => {
    expect(new Set(COLUMNS.map(([, { name }]) => name))).toEqual(new Set(dialects.map(({ name }) => name)));
    for (const { kind } of kinds) {
      const special = COLUMNS.flatMap(([, rules]) => {
        const { fixed, unsupported, unclearable, neededForUpdate = [] } = kindOf(rules, kind);
        return [fixed, unsupported, unclearable, neededForUpdate].flat();
      });
      const known = new Set(["/type_slug", "/publish", "/processors", "/name", "/type", "/pipeline"]);
      expect(special.filter((path) => !known.has(path))).toEqual([]);
    }
  });
});

it("docs/reference-server.md says which releases it stands in for", async () => {
  const text = await readFile(new URL("../docs/reference-server.md", import.meta.url), "utf8");
  const rows = [...text.matchAll(/^\| `(\w+)` \| (v[^|]*) \| (\w[^|]*) \|/gmu)].map(([, ...cells]) =>
    cells.map((cell) => cell.trim()),
  );
  const expected = Object.values(played).flatMap((dialect) =>
    "releases" in dialect ? [[dialect.name, dialect.title.replace("LLMStack ", ""), dialect.releases[0].release]] : [],
  );
  expect(rows).toEqual(expected);
});
