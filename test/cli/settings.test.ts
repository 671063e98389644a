import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { flagValues } from "../../src/cli/flag-values.ts";
import type { Environment, Io } from "../../src/cli/io.ts";
import * as options from "../../src/cli/options/server.ts";
import { loadSettings, type Settings } from "../../src/cli/settings.ts";
import type { Flag } from "../../src/cli/options/flag.ts";
import { secretsDir } from "../../src/cli/options/changes.ts";
import { folderWith } from "../support/cli-io.ts";

interface World {
  readonly files: Readonly<Record<string, string>>;
  readonly env?: Environment;
  readonly flags?: Readonly<Record<string, string>>;
  readonly below?: string;
  readonly rowFlags?: readonly Flag<unknown>[];
}

const USER = "home/config.yaml";
const PROJECT = "repo/llmstack-sync.yaml";

async function settingsOf({ files, env = {}, flags = {}, below = "repo", rowFlags = [] }: World): Promise<Settings> {
  const folder = await folderWith({ "repo/.git/HEAD": "", ...files });
  const texts = new Map(Object.entries(flags).map(([name, text]) => [name, [text]]));
  return loadSettings({
    row: { flags: rowFlags },
    flags: flagValues(texts),
    io: ioIn(join(folder, below), join(folder, "home"), env),
  });
}

function ioIn(cwd: string, config: string, env: Environment): Io {
  const silent = { write: () => undefined, isTerminal: false, columns: 80, hasColor: false };
  return {
    stdout: silent,
    stderr: silent,
    readStdin: () => Promise.resolve(""),
    ask: () => Promise.resolve(""),
    env,
    cwd,
    folders: { config, state: cwd, cache: cwd },
    isInteractive: false,
    stop: new AbortController().signal,
  };
}

describe("settings", () => {
  const files = {
    [PROJECT]: "set: from-project\nparallelism: 3\ntimeout: 7s\n",
    [USER]: "set: from-user\nparallelism: 4\ntimeout: 8s\ndialect: doc\n",
  };

  it("a flag wins over the environment, that over the project file, that over the user file", async () => {
    const settings = await settingsOf({
      files,
      env: { LLMSTACK_SET: "from-env", LLMSTACK_PARALLELISM: "2" },
      flags: { "--set": "from-flag" },
    });
    expect(settings.find(options.set)).toEqual({ value: "from-flag", origin: "flag", place: "--set" });
    expect(settings.find(options.parallelism)).toEqual({
      value: 2,
      origin: "environment",
      place: "LLMSTACK_PARALLELISM",
    });
    expect(settings.find(options.timeout)).toMatchObject({ value: 7000, origin: "project file" });
    expect(settings.find(options.dialect)).toMatchObject({ value: "doc", origin: "user file" });
    expect(settings.find(options.caFile)).toBeUndefined();
  });

  it("an empty variable counts as absent", async () => {
    const settings = await settingsOf({ files, env: { LLMSTACK_SET: "" } });
    expect(settings.get(options.set)).toBe("from-project");
  });

  it("a context of the project file wins over the rest of it, and fills up from the user's context of that name", async () => {
    const settings = await settingsOf({
      files: {
        [PROJECT]: "context: staging\nset: shop\ncontexts:\n  staging: { set: shop-staging }\n",
        [USER]: "contexts:\n  staging: { set: mine, server: 'https://staging.example' }\n",
      },
    });
    expect(settings.context).toBe("staging");
    expect(settings.get(options.set)).toBe("shop-staging");
    expect(settings.find(options.server)).toMatchObject({ value: "https://staging.example", origin: "user file" });
  });

  it("the project file is found from a folder below it, and not beyond the repository", async () => {
    const found = await settingsOf({ files: { ...files, "repo/a/b/x": "" }, below: "repo/a/b" });
    expect(found.get(options.set)).toBe("from-project");
    const outside = await settingsOf({ files: { "llmstack-sync.yaml": "set: outside\n" } });
    expect(outside.get(options.set)).toBeUndefined();
  });

  it.each([
    [
      "an unknown key, with a suggestion",
      "servr: https://x.example\n",
      /servr is not a setting; did you mean server\?/u,
    ],
    ["an unknown key in a context", "contexts: { a: { tokn: x } }\n", /contexts\.a\.tokn is not a setting/u],
    ["a list where one value belongs", "set: [a]\n", /set must be one value/u],
    ["text that is no YAML", "a: [\n", /settings file .*llmstack-sync\.yaml: .* \(line 2, column 1\)/u],
    ["a token file", "tokenFile: .token\n", /may not say which token is sent/u],
    ["a token file in a context", "contexts: { a: { tokenFile: t } }\n", /may not say which token is sent/u],
  ])("the project file is refused for %s", async (_, text, message) => {
    await expect(settingsOf({ files: { [PROJECT]: text } })).rejects.toThrow(message);
  });

  it("a bad value names the place it came from", async () => {
    const world = { files: {}, env: { LLMSTACK_PARALLELISM: "0" }, rowFlags: [options.parallelism] };
    await expect(settingsOf(world)).rejects.toThrow(/^LLMSTACK_PARALLELISM: "0" is not a whole number/u);
  });

  it("an unknown context lists the known ones", async () => {
    const world = { files: { [PROJECT]: "contexts: { b: {}, a: {} }\n" }, flags: { "--context": "c" } };
    await expect(settingsOf(world)).rejects.toMatchObject({ class: "usage", remedy: "known contexts: a, b" });
  });

  it("a path in a file is relative to that file", async () => {
    const settings = await settingsOf({
      files: { [PROJECT]: "secretsDir: secrets\n", "repo/a/x": "" },
      below: "repo/a",
    });
    expect(settings.path(secretsDir)).toMatch(/repo\/secrets$/u);
  });

  it("a project file cannot reach for files outside its folder", async () => {
    const settings = await settingsOf({ files: { [PROJECT]: "secretsDir: ../elsewhere\n", "elsewhere/x": "" } });
    expect(() => settings.path(secretsDir)).toThrow(/outside its own folder/u);
  });

  it("patches of the chosen context know their place", async () => {
    const text = `contexts:
  production:
    patches:
      - target: { kind: App }
        merge: { spec: { definition: { name: Shop } } }
`;
    const { patches } = await settingsOf({ files: { [PROJECT]: text }, flags: { "--context": "production" } });
    expect(
      patches.map(({ target, place }) => [target, place.path, place.label, place.find("/merge/spec")?.line]),
    ).toEqual([[{ kind: "App", name: "*" }, "llmstack-sync.yaml", "patch 1 of context production", 5]]);
    expect(
      (await settingsOf({ files: { [PROJECT]: `${text}  staging: {}\n` }, flags: { "--context": "staging" } })).patches,
    ).toEqual([]);
  });

  it.each([
    ["outside a context", "patches: []\n", /patches stand in a context: contexts\.NAME\.patches/u],
    [
      "that are none",
      "contexts:\n  a:\n    patches:\n      - target: { kind: App }\n",
      /llmstack-sync\.yaml:4:9: contexts\.a\.patches: a patch has either/u,
    ],
    [
      "that YAML readers read in two ways",
      "contexts:\n  a:\n    patches: [{ target: { kind: App }, merge: { x: yes } }]\n",
      /llmstack-sync\.yaml:3:52: .*quote/u,
    ],
  ])("patches %s are refused", async (_, text, message) => {
    const world = { files: { [PROJECT]: text }, flags: { "--context": "a" } };
    await expect(settingsOf(world)).rejects.toThrow(message);
  });

  it("patches are no business of the user's own file", async () => {
    const inUserFile = { [USER]: "contexts:\n  a: { patches: [] }\n" };
    await expect(settingsOf({ files: inUserFile, flags: { "--context": "a" } })).rejects.toThrow(
      /write them into the project file/u,
    );
  });
});
