import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadKubeConfig, ownNamespace } from "../../src/kube/kube-config.ts";
import { folderWith } from "../support/cli-io.ts";
import { rejection } from "../support/wire-server.ts";

function kubeconfig(server: string, more: object = {}): string {
  return JSON.stringify({
    clusters: [{ name: "c", cluster: { server } }],
    users: [{ name: "u", user: { token: "secret-token" } }],
    contexts: [{ name: "x", context: { cluster: "c", user: "u", ...more } }],
    "current-context": "x",
  });
}

async function refusal(load: () => unknown): Promise<Error> {
  return rejection(Promise.resolve().then(load));
}

describe("where the cluster is", () => {
  it("says the file that was named, before the environment", async () => {
    const folder = await folderWith({ named: kubeconfig("https://named"), other: kubeconfig("https://other") });
    const env = { KUBECONFIG: join(folder, "other") };
    expect(loadKubeConfig({ file: join(folder, "named"), env }).getCurrentCluster()?.server).toBe("https://named");
    expect(loadKubeConfig({ env }).getCurrentCluster()?.server).toBe("https://other");
  });

  it("says the first of several files in the environment", async () => {
    const second = kubeconfig("https://second").replaceAll(/"(c|u|x)"/gu, '"$1-2"');
    const folder = await folderWith({ first: kubeconfig("https://first"), second });
    const env = { KUBECONFIG: `${join(folder, "first")}:${join(folder, "second")}` };
    const config = loadKubeConfig({ env });
    expect(config.getCurrentCluster()?.server).toBe("https://first");
    expect(config.getClusters()).toHaveLength(2);
  });

  it("says the context's namespace, or the default one", async () => {
    const folder = await folderWith({
      one: kubeconfig("https://one", { namespace: "shop" }),
      two: kubeconfig("https://two"),
    });
    expect(ownNamespace(loadKubeConfig({ file: join(folder, "one"), env: {} }))).toBe("shop");
    expect(ownNamespace(loadKubeConfig({ file: join(folder, "two"), env: {} }))).toBe("default");
  });

  it.each([
    ["is not there", undefined],
    ["is no YAML", "users: [secret-token: : ["],
    ["leads to no cluster", "current-context: nowhere\nusers: []\n"],
    ["has no address", kubeconfig("secret-token without address")],
    ["is empty", ""],
  ])("is a usage error where the file %s, without what stands in it", async (_, text) => {
    const folder = await folderWith(text === undefined ? {} : { file: text });
    const error = await refusal(() => loadKubeConfig({ file: join(folder, "file"), env: {} }));
    expect(error).toMatchObject({ class: "usage" });
    expect(`${error.message} ${String(error.cause)}`).not.toContain("secret-token");
  });

  it("is a usage error where nothing says it", async () => {
    await expect(refusal(() => loadKubeConfig({ env: {} }))).resolves.toMatchObject({
      class: "usage",
      remedy: "Name one with --kubeconfig FILE or in KUBECONFIG.",
    });
  });
});
