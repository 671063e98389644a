import { createHmac } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { JsonObject } from "../../src/model/json.ts";
import type { CliProcess } from "../support/cli-process.ts";
import { appYaml } from "../support/cli-world.ts";
import { type Followed, followRepository } from "../support/git-sync-world.ts";
import {
  isReadyNow,
  type OperatorWorld,
  reasonIs,
  secretDocument,
  type Seen,
  startOperatorWorld,
} from "../support/operator-world.ts";
import { TOKEN } from "../support/server-requests.ts";

const HOOK_SECRET = "canary-hook-55";

let world: OperatorWorld;
let operator: CliProcess;
let webhooks = "";
const closing: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  world = await startOperatorWorld();
  const secrets = join(world.plane.folder, "webhook-secret");
  await writeFile(secrets, `${HOOK_SECRET}\n`);
  const listening = ["--webhook-listen", "127.0.0.1:0", "--webhook-secret-file", secrets];
  operator = await world.startOperator(...listening, "--metrics-listen", "127.0.0.1:0");
  const said = await operator.until(/"what":"webhooks"/u);
  webhooks = /"what":"webhooks","url":"([^"]+)"/u.exec(said)?.[1] ?? "";
});

afterAll(async () => {
  for (const close of closing) await close();
  await world.close();
});

async function followed(
  ...args: Parameters<typeof followRepository> extends [unknown, ...infer Rest] ? Rest : never
): Promise<Followed> {
  const one = await followRepository(world, ...args);
  closing.push(one.close);
  return one;
}

async function names(prefix: string): Promise<readonly string[]> {
  const apps = await world.onServer("apps");
  return apps
    .map(({ name }) => (typeof name === "string" ? name : ""))
    .filter((name) => name.startsWith(prefix))
    .toSorted();
}

const planOf = (seen: Seen): JsonObject => seen.status["plan"] as JsonObject;

const isAt = (commit: string) => (seen: Seen) =>
  isReadyNow(seen) && seen.status["lastAppliedRevision"] === `main@sha1:${commit}`;

describe("a GitSync", () => {
  it("applies what its branch stands for, and every commit after it", async () => {
    const { origin, push, until, namespace } = await followed("first", { "prod/a.yaml": appYaml("first-a") });
    const first = await origin.git("rev-parse", "main");
    const { status } = await until(isAt(first));
    expect(status).toMatchObject({
      observedRevision: `main@sha1:${first}`,
      attemptedRevision: `main@sha1:${first}`,
      server: { kind: "Server", name: "default", url: world.llmstackUrl },
      plan: { revision: `main@sha1:${first}`, summary: { create: 1, unchanged: 0 } },
      history: [{ op: "apply", result: "done", message: `1 change for main@sha1:${first}` }],
    });
    const second = await push({ "prod/b.yaml": appYaml("first-b") });
    await until(isAt(second));
    expect(await names("first-")).toEqual(["first-a", "first-b"]);
    expect(await namespace.events("bots")).toEqual(
      expect.arrayContaining([expect.stringMatching(/^Created: "first-b"/u)]),
    );
  });

  it("marks what it makes with a set of its own", async () => {
    const { origin, until } = await followed("marked", { "prod/a.yaml": appYaml("marked-a") });
    await until(isAt(await origin.git("rev-parse", "main")));
    const app = (await world.onServer("apps")).find(({ name }) => name === "marked-a");
    expect(JSON.stringify(app)).toMatch(/"set":"k8s:[0-9a-f-]{36}\/gitsync\/bots"/u);
  });

  it("changes nothing for a commit that does not validate, and says where it is wrong", async () => {
    const { origin, push, until } = await followed("invalid", { "prod/a.yaml": appYaml("invalid-a") });
    const good = await origin.git("rev-parse", "main");
    await until(isAt(good));
    const bad = await push({ "prod/a.yaml": null, "prod/b.yaml": "kind: [" });
    const { status, condition } = await until(reasonIs("InvalidManifests"));
    expect(condition("Ready").message).toMatch(/prod\/b\.yaml:\d+: /u);
    expect(condition("Stalled").status).toBe("True");
    expect(status).toMatchObject({
      attemptedRevision: `main@sha1:${bad}`,
      lastAppliedRevision: `main@sha1:${good}`,
    });
    expect(await names("invalid-")).toEqual(["invalid-a"]);
    const mended = await push({ "prod/b.yaml": appYaml("invalid-b") });
    await until(isAt(mended));
  });

  it("refuses a rewritten history until somebody accepts that commit", async () => {
    const { origin, push, until, namespace } = await followed("rewound", { "prod/a.yaml": appYaml("rewound-a") });
    await until(isAt(await push({ "prod/b.yaml": appYaml("rewound-b") })));
    await origin.git("reset", "-q", "--hard", "HEAD~1");
    const rewritten = await push({ "prod/c.yaml": appYaml("rewound-c") });
    const { condition } = await until(reasonIs("HistoryRewritten"));
    expect(condition("Ready").message).toContain(`llmstack.ai/accept-commit: ${rewritten}`);
    expect(await names("rewound-")).toEqual(["rewound-a", "rewound-b"]);
    await namespace.annotate("GitSync/bots", "llmstack.ai/accept-commit", rewritten);
    await until(isAt(rewritten));
    expect(await names("rewound-")).toEqual(["rewound-a", "rewound-b", "rewound-c"]);
  });

  it("waits for a person's word, and lets exactly the plan through that they saw", async () => {
    const { origin, until, namespace, push } = await followed(
      "manual",
      { "prod/a.yaml": appYaml("manual-a") },
      { approval: "Manual" },
    );
    const first = await until(reasonIs("AwaitingApproval"));
    const digest = (seen: Seen): string => planOf(seen)["digest"] as string;
    expect(planOf(first)["text"]).toContain("App/manual-a");
    await namespace.annotate("GitSync/bots", "llmstack.ai/approve", "0".repeat(64));
    await push({ "prod/b.yaml": appYaml("manual-b") });
    const second = await until((seen) => reasonIs("AwaitingApproval")(seen) && digest(seen) !== digest(first));
    await namespace.annotate("GitSync/bots", "llmstack.ai/approve", digest(first));
    await until((seen) => seen.object.metadata["annotations"] !== undefined && reasonIs("AwaitingApproval")(seen));
    expect(await names("manual-")).toEqual([]);
    await namespace.annotate("GitSync/bots", "llmstack.ai/approve", digest(second));
    await until(isAt(await origin.git("rev-parse", "main")));
    expect(await names("manual-")).toEqual(["manual-a", "manual-b"]);
  });

  it("deletes what the repository names no more only with prune, and within its limits", async () => {
    const files = { "prod/a.yaml": appYaml("pruned-a"), "prod/b.yaml": appYaml("pruned-b") };
    const { origin, push, until } = await followed("pruned", files, { prune: true, maxDeletes: 0 });
    await until(isAt(await origin.git("rev-parse", "main")));
    await push({ "prod/b.yaml": null });
    const { condition } = await until(reasonIs("Refused"));
    expect(condition("Ready").message).toContain("max-deletes");
    expect(await names("pruned-")).toEqual(["pruned-a", "pruned-b"]);
  });

  it("takes Secrets of its namespace and patches of its own, and no environment", async () => {
    const withSecret = appYaml("patched", ["config: { token: { $secret: { name: crm, key: token } } }"]);
    const rename = [{ op: "replace", path: "/spec/definition/name", value: "patched-name" }];
    const { namespace, until, push } = await followed(
      "patched",
      { "prod/a.yaml": withSecret },
      { patches: [{ target: { kind: "App", name: "*" }, patch: rename }] },
    );
    await until(reasonIs("InvalidManifests"));
    await namespace.apply(secretDocument("crm", { token: "canary-crm-11" }));
    const commit = await push({ "prod/readme.txt": "again" });
    const { status } = await until(isAt(commit));
    expect(await names("patched")).toEqual(["patched-name"]);
    expect(JSON.stringify(status)).not.toContain("canary-crm-11");
    await push({ "prod/b.yaml": appYaml("patched-env", ["config: { path: { $env: PATH } }"]) });
    expect((await until(reasonIs("InvalidManifests"))).condition("Ready").message).toContain("b.yaml");
  });

  it("looks once for two that see one repository alike", async () => {
    const { namespace, origin, until, push } = await followed("shared", { "prod/a.yaml": appYaml("shared-a") });
    await until(isAt(await origin.git("rev-parse", "main")));
    const spec = (await namespace.get("GitSync/bots"))?.object["spec"] as JsonObject;
    await namespace.apply({
      apiVersion: "llmstack.ai/v1alpha1",
      kind: "GitSync",
      metadata: { name: "other" },
      spec: { ...spec, git: { ...(spec["git"] as JsonObject), path: "other" } },
    });
    // There is no such folder yet: it waits for one.
    await namespace.until("GitSync/other", (seen) => seen.condition("Ready").status === "False");
    // Only the first is asked to look.
    const next = await push({ "other/b.yaml": appYaml("shared-b") });
    await namespace.until("GitSync/other", isAt(next));
    expect(await names("shared-")).toEqual(["shared-a", "shared-b"]);
  });

  it("stands still while it is suspended", async () => {
    const { origin, until, push, namespace } = await followed(
      "suspended",
      { "prod/a.yaml": appYaml("suspended-a") },
      { suspend: true },
    );
    const { condition } = await until((seen) => seen.condition("Suspended").status === "True");
    expect(condition("Ready").status).toBe("Unknown");
    await push({ "prod/b.yaml": appYaml("suspended-b") });
    const spec = (await namespace.get("GitSync/bots"))?.object["spec"] as JsonObject;
    await namespace.apply({
      apiVersion: "llmstack.ai/v1alpha1",
      kind: "GitSync",
      metadata: { name: "bots" },
      spec: { ...spec, suspend: false },
    });
    await until(isAt(await origin.git("rev-parse", "main")));
    expect(await names("suspended-")).toEqual(["suspended-a", "suspended-b"]);
  });

  it("stands in the metrics like the other resources", async () => {
    const { origin, until } = await followed("measured", { "prod/a.yaml": appYaml("measured-a") });
    await until(isAt(await origin.git("rev-parse", "main")));
    const url = /"what":"metrics","url":"([^"]+)"/u.exec(await operator.until(/"what":"metrics"/u))?.[1] ?? "";
    const text = await (await fetch(`${url}/metrics`)).text();
    expect(text).toMatch(/llmstack_sync_resource_info\{kind="GitSync",[^}]*ready="True",reason="Synced"/u);
  });

  it("looks at once when a webhook says that something was pushed", async () => {
    const { origin, git, until } = await followed("hooked", { "prod/a.yaml": appYaml("hooked-a") });
    await until(isAt(await origin.git("rev-parse", "main")));
    const next = await origin.commit({ "prod/b.yaml": appYaml("hooked-b") });
    const body = JSON.stringify({ repository: { clone_url: git.address } });
    const proof = createHmac("sha256", HOOK_SECRET).update(body).digest("hex");
    const headers = { "content-type": "application/json", "x-gitea-signature": proof };
    expect((await fetch(webhooks, { method: "POST", headers, body })).status).toBe(202);
    await until(isAt(next));
  });

  it("leaves what somebody changed by hand where drift is to be told only", async () => {
    const { origin, until, lookNow, namespace } = await followed(
      "warned",
      { "prod/a.yaml": appYaml("warned-a") },
      { drift: "warn" },
    );
    await until(isAt(await origin.git("rev-parse", "main")));
    const app = (await world.onServer("apps")).find(({ name }) => name === "warned-a");
    await fetch(`${world.llmstackUrl}/api/apps/${app?.["uuid"] as string}`, {
      method: "PATCH",
      headers: { authorization: `Token ${TOKEN}`, "content-type": "application/json" },
      body: JSON.stringify({ name: "warned-by-hand" }),
    });
    await lookNow();
    const { condition } = await until((seen) => seen.condition("Drifted").status === "True");
    expect(condition("Drifted").message).toContain("App/warned-a/name");
    expect(await names("warned-")).toEqual(["warned-by-hand"]);
    await expect
      .poll(async () => namespace.events("bots"))
      .toContain("DriftDetected: Changed on the server: App/warned-a/name");
  });

  it("says what is wrong with the repository or its credentials, and goes on when it is mended", async () => {
    const { namespace, origin, until } = await followed("locked", { "prod/a.yaml": appYaml("locked-a") });
    await until(isAt(await origin.git("rev-parse", "main")));
    await namespace.apply(secretDocument("git", { username: "reader", password: "wrong" }));
    await namespace.annotate("GitSync/bots", "llmstack.ai/reconcile-requested-at", "now");
    const { condition } = await until(reasonIs("AuthFailed"));
    expect(condition("Ready").message).not.toContain("wrong");
  });

  it("goes on where it was after the operator was killed, and makes nothing twice", async () => {
    const { origin, push, until } = await followed("killed", { "prod/a.yaml": appYaml("killed-a") });
    await until(isAt(await origin.git("rev-parse", "main")));
    operator.child.kill("SIGKILL");
    await operator.ended;
    const next = await push({ "prod/b.yaml": appYaml("killed-b") });
    operator = await world.startOperator("--no-leader-elect");
    await until(isAt(next));
    expect(await names("killed-")).toEqual(["killed-a", "killed-b"]);
  });

  it("never shows a credential", async () => {
    const objects = await Promise.all(["first", "locked", "patched"].map((name) => eventsAndStatus(name)));
    const logs = await stopAndRead();
    for (const text of [...objects, logs]) expect(text).not.toMatch(/canary-|Basic /u);
  });
});

async function eventsAndStatus(name: string): Promise<string> {
  const found = await world.plane.kubectl(["get", "gitsyncs,events.events.k8s.io", "-n", name, "-o", "json"]);
  return JSON.stringify(found);
}

async function stopAndRead(): Promise<string> {
  operator.child.kill("SIGTERM");
  const { stdout, stderr } = await operator.ended;
  return stdout + stderr;
}
