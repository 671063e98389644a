import { readFile } from "node:fs/promises";
import glob from "fast-glob";
import { load } from "js-yaml";
import { describe, expect, it } from "vitest";
import { ciFlags } from "../../src/cli/options/ci.ts";
import { policyFlags } from "../../src/cli/options/changes.ts";
import { longName } from "../../src/cli/options/flag.ts";
import { context, set } from "../../src/cli/options/server.ts";
import { isArray, isObject } from "../../src/model/json.ts";

const project = new URL("../..", import.meta.url).pathname;
const workflows = await glob([".github/workflows/*.yml", "examples/ci/{github,gitea}/*.yml"], {
  cwd: project,
  dot: true,
});

async function text(path: string): Promise<string> {
  return readFile(`${project}/${path}`, "utf8");
}

interface Action {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default?: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: {
    readonly steps: readonly {
      readonly uses?: string;
      readonly run?: string;
      readonly env?: Readonly<Record<string, string>>;
    }[];
  };
}

/** Every value of a key, wherever it stands. */
function valuesOf(value: unknown, key: string): readonly unknown[] {
  if (isArray<unknown>(value)) return value.flatMap((item) => valuesOf(item, key));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) => (name === key ? [inner] : valuesOf(inner, key)));
}

describe("workflows and the action", () => {
  it.each([...workflows, "action.yml"])("%s pins every action by its full commit", async (path) => {
    const uses = valuesOf(load(await text(path)), "uses");
    const loose = uses.filter(
      (name) => !/^[\w.-]+\/[\w./-]+@[0-9a-f]{40}$/u.test(String(name)) && name !== "OWNER/llmstack-sync@COMMIT",
    );
    expect(loose).toEqual([]);
  });

  it.each([...workflows, "action.yml"])("%s puts no expression into a script", async (path) => {
    const scripts = valuesOf(load(await text(path)), "run").map(String);
    expect(scripts.filter((script) => script.includes("${{"))).toEqual([]);
  });

  it.each(workflows.filter((path) => path.includes("github")))(
    "%s gives no permission but to a job that says what for",
    async (path) => {
      const workflow = load(await text(path)) as {
        readonly permissions: object;
        readonly jobs: Readonly<Record<string, { readonly permissions?: object }>>;
      };
      expect(workflow.permissions).toEqual({});
      expect(Object.values(workflow.jobs).filter(({ permissions }) => permissions === undefined)).toEqual([]);
    },
  );

  it("the action hands every input on, as a flag that exists", async () => {
    const { inputs, runs } = load(await text("action.yml")) as Action;
    const step = runs.steps.find(({ run }) => run?.includes('bin.ts" ci') === true);
    const used = [...Object.values(step?.env ?? {}), "${{ inputs.artifact }}"].join(" ");
    expect(Object.keys(inputs).filter((name) => !used.includes(`inputs.${name} }}`))).toEqual([]);
    const flags = new Set([...ciFlags, ...policyFlags, set, context].map(longName));
    const named = Object.keys(step?.env ?? {})
      .filter((name) => name.startsWith("INPUT_"))
      .map((name) => `--${name.slice("INPUT_".length).toLowerCase().replaceAll("_", "-")}`);
    expect(named.filter((name) => !flags.has(name))).toEqual([]);
    expect(named.filter((name) => !step?.run?.includes(name.slice(2).toUpperCase().replaceAll("-", "_")))).toEqual([]);
  });

  it("the GitLab template names flags that exist", async () => {
    const flags = new Set([...ciFlags, ...policyFlags].map(longName).concat("--report"));
    const named = [...(await text("templates/gitlab/llmstack-sync.yml")).matchAll(/ (--[a-z-]+)/gu)].map(
      ([, name]) => name ?? "",
    );
    expect(named.filter((name) => !flags.has(name))).toEqual([]);
  });
});
