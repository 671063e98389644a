import { describe, expect, it, onTestFinished } from "vitest";
import { folderWith, runCli } from "../support/cli-io.ts";
import { startCli } from "../support/cli-process.ts";
import { UnrulyApi } from "../support/kube/unruly-api.ts";

describe("llmstack-sync operator", () => {
  it("runs until SIGTERM, holding the lease, and answers probes meanwhile", async () => {
    const api = new UnrulyApi();
    await api.listen();
    onTestFinished(() => api.close());
    const cwd = await folderWith({ kubeconfig: api.kubeconfig() });
    const operator = startCli(
      ["operator", "--kubeconfig", "kubeconfig", "--lease-namespace", "leases", "--health-listen", "127.0.0.1:0"],
      { cwd },
    );
    const text = await operator.until(/started as the leader/u);
    const url = /"url":"([^"]+)"/u.exec(text)?.[1] ?? "";
    const ready = await fetch(`${url}/readyz`);
    expect(ready.status).toBe(200);
    expect(api.seen.some(({ path }) => path.startsWith("/apis/coordination.k8s.io/v1/namespaces/leases/"))).toBe(true);
    operator.child.kill("SIGTERM");
    const { code, stdout, stderr } = await operator.ended;
    expect([code, stdout]).toEqual([0, ""]);
    for (const line of stderr.trim().split("\n")) expect(JSON.parse(line)).toHaveProperty("message");
  });

  it("works without a lease where there is no other replica, in words a person reads", async () => {
    const api = new UnrulyApi();
    await api.listen();
    onTestFinished(() => api.close());
    const cwd = await folderWith({ kubeconfig: api.kubeconfig() });
    const argv = ["operator", "--kubeconfig", "kubeconfig", "--no-leader-elect", "--log-format", "text"];
    const operator = startCli(argv, { cwd });
    await operator.until(/ info started\n/u);
    operator.child.kill("SIGINT");
    await expect(operator.ended).resolves.toMatchObject({ code: 0 });
    expect(api.seen.some(({ path }) => path.includes("leases"))).toBe(false);
  });

  it.each([
    [["--namespaces", "Shop!"], "the name of a namespace"],
    [["--namespaces", "shop,"], "the name of a namespace"],
    [["--concurrency", "0"], "a whole number"],
    [["--drain-timeout", "25"], "a duration"],
    [["--kubeconfig", "missing"], "cannot be read as a kubeconfig"],
    [[], "no cluster"],
  ])("says what is wrong with %j", async (argv, says) => {
    const { exitCode, stderr } = await runCli(["operator", ...argv], { cwd: await folderWith({}) });
    expect(exitCode).toBe(64);
    expect(stderr).toContain(says);
  });
});
