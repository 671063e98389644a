import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkLocal } from "../../../src/source/kustomize/check-local.ts";
import { folderWith } from "../../support/cli-io.ts";

async function check(files: Readonly<Record<string, string>>): Promise<void> {
  return checkLocal(join(await folderWith(files), "overlay"), "overlay");
}

describe("a kustomization", () => {
  it("of local files and folders is fine, in a circle too", async () => {
    await expect(
      check({
        "overlay/kustomization.yaml":
          "resources: [../base, app.yaml]\nconfigMapGenerator: [{ name: x, files: [a=b.md], literals: ['URL=https://x.example'] }]\n",
        "overlay/app.yaml": "",
        "base/kustomization.yml":
          "resources: [../overlay]\ncommonAnnotations: { docs: 'https://x.example' }\npatches: [{ patch: '- { op: add, path: /x, value: https://x.example }' }]\n",
      }),
    ).resolves.toBeUndefined();
  });

  it.each([
    ["a repository", "resources: ['https://github.com/acme/x//dir?ref=main']"],
    ["a repository without scheme", "resources: [github.com/acme/x//dir]"],
    ["a repository over ssh", "resources: ['git@github.com:acme/x.git']"],
    ["a component elsewhere", "components: ['git::https://x.example/y.git']"],
    ["a file elsewhere", "resources: ['https://x.example/a.yaml']"],
    ["a patch elsewhere", "patches: [{ path: 'https://x.example/p.yaml' }]"],
    ["a schema elsewhere", "openapi: { path: 'https://x.example/s.json' }"],
    ["a generated file elsewhere", "configMapGenerator: [{ name: x, files: ['a=https://x.example/a'] }]"],
    ["a transformer elsewhere", "transformers: ['https://x.example/t.yaml']"],
    ["a file that is not there", "resources: [nothing.yaml]"],
  ])("that names %s is refused before anything is run", async (_, text) => {
    const refusal = {
      class: "refused",
      message: expect.stringMatching(/^the kustomization in overlay names .*no file or folder here$/u) as string,
    };
    await expect(check({ "overlay/kustomization.yaml": `${text}\n` })).rejects.toMatchObject(refusal);
  });

  it("is refused for what a folder below it names", async () => {
    await expect(
      check({
        "overlay/kustomization.yaml": "resources: [../base]\n",
        "base/kustomization.yaml": "bases: ['https://x.example/y.git']\n",
      }),
    ).rejects.toThrow("the kustomization in base names https://x.example/y.git");
  });

  it("that is none, or no YAML, says so", async () => {
    await expect(check({ "overlay/app.yaml": "" })).rejects.toThrow("overlay holds no kustomization.yaml");
    await expect(check({ "overlay/kustomization.yaml": "a: [" })).rejects.toThrow(
      "overlay/kustomization.yaml is no YAML",
    );
  });
});
