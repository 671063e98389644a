import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { CLI_COMMAND, type CliProcess, startCli } from "../support/cli-process.ts";
import { OPERATOR_ACCOUNT, USERS } from "../support/kube/credentials.ts";
import { podAccount } from "../support/kube/pod-account.ts";
import { appDocument, isReadyNow, type OperatorWorld, startOperatorWorld } from "../support/operator-world.ts";

let world: OperatorWorld;

beforeAll(async () => {
  world = await startOperatorWorld();
});

afterAll(() => world.close());

function endsWithTest<T extends CliProcess>(operator: T): T {
  onTestFinished(async () => {
    operator.child.kill("SIGKILL");
    await operator.ended;
  });
  return operator;
}

describe("the operator in a pod", () => {
  const account = ["--namespace", OPERATOR_ACCOUNT.namespace];

  /** Good until `revoke`, as one that has run out is no longer. */
  async function token(name: string): Promise<{ readonly text: string; revoke(): Promise<void> }> {
    const { plane } = world;
    await plane.kubectl(["create", "secret", "generic", name, ...account]);
    const bound = ["--bound-object-kind=Secret", `--bound-object-name=${name}`];
    const text = (await plane.kubectl(["create", "token", OPERATOR_ACCOUNT.name, ...account, ...bound])).trim();
    const isAccepted = (): Promise<boolean> =>
      plane.kubectl(["auth", "whoami", `--token=${text}`]).then(
        () => true,
        () => false,
      );
    return {
      text,
      revoke: async () => {
        await plane.kubectl(["delete", "secret", name, ...account]);
        // The API server remembers for some seconds what it has found out.
        while (await isAccepted()) await setTimeout(200);
      },
    };
  }

  it("goes on with the next token, and when it has run out, as soon as there is one", async () => {
    const [first, second, third] = [await token("first"), await token("second"), await token("third")];
    const pod = await podAccount(world.plane, first.text);
    const operator = endsWithTest(
      startCli(["operator", "--no-leader-elect"], {
        cwd: world.plane.folder,
        env: pod.env,
        command: [...pod.command, ...CLI_COMMAND],
      }),
    );
    await operator.until(/"started/u);
    const space = await world.namespace("tokens");
    await space.apply(appDocument("bot"));
    await space.until("App/bot", isReadyNow);
    await pod.put(second.text);
    await first.revoke();
    await space.apply(appDocument("bot", { welcome_message: "After the first" }));
    await space.until("App/bot", isReadyNow);
    await second.revoke();
    await space.apply(appDocument("bot", { welcome_message: "After the second" }));
    await operator.until(/answered 401/u);
    expect((await space.get("App/bot"))?.status["observedGeneration"]).toBe(2);
    await pod.put(third.text);
    const now = await space.until("App/bot", isReadyNow);
    expect(now.status["observedGeneration"]).toBe(3);
    operator.child.kill("SIGTERM");
    const { code, stderr } = await operator.ended;
    expect(code).toBe(0);
    for (const { text } of [first, second, third]) expect(stderr).not.toContain(text.slice(-40));
  });
});

describe("a new certificate authority of the API server", () => {
  it("is trusted when the file that names it is replaced, the kubeconfig or another one, without a restart", async () => {
    const { plane } = world;
    const inline = join(plane.folder, "inline.kubeconfig");
    const writeInline = async (): Promise<void> =>
      writeFile(inline, inlineKubeconfig(plane.url, await readFile(plane.caFile, "utf8")), { mode: 0o600 });
    await writeInline();
    const flags = ["--no-leader-elect", "--namespaces"];
    const operators = [
      endsWithTest(world.launchOperator(plane.kubeconfigs.operator, ...flags, "ca-by-path")),
      endsWithTest(world.launchOperator(inline, ...flags, "ca-inline")),
    ];
    for (const operator of operators) await operator.until(/"started/u);
    const spaces = [await world.namespace("ca-by-path"), await world.namespace("ca-inline")];
    for (const space of spaces) await space.apply(appDocument(`${space.name}-bot`));
    for (const space of spaces) await space.until(`App/${space.name}-bot`, isReadyNow);
    const before = await readFile(plane.caFile, "utf8");
    await plane.apiServer.kill();
    // It signs itself a new one.
    for (const name of ["apiserver.crt", "apiserver.key"]) await rm(join(plane.folder, name));
    await plane.apiServer.restart();
    expect(await readFile(plane.caFile, "utf8")).not.toBe(before);
    // Somebody may look in the middle of writing.
    await writeFile(inline, "apiVersion: v1\nclusters: [");
    await operators[1]?.until(/SELF_SIGNED|UNABLE_TO_VERIFY|CERT_SIGNATURE/u);
    await writeInline();
    for (const space of spaces) await space.apply(appDocument(`${space.name}-bot`, { welcome_message: "New" }));
    for (const space of spaces) await space.until(`App/${space.name}-bot`, isReadyNow);
  });
});

function inlineKubeconfig(server: string, ca: string): string {
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "test", cluster: { server, "certificate-authority-data": btoa(ca) } }],
    users: [{ name: "operator", user: { token: USERS.operator.token } }],
    contexts: [{ name: "test", context: { cluster: "test", user: "operator", namespace: OPERATOR_ACCOUNT.namespace } }],
    "current-context": "test",
  });
}
