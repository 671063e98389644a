import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isWrite } from "./audit-log.ts";
import { type ControlPlane, startControlPlane } from "./control-plane.ts";
import { OPERATOR_ACCOUNT } from "./credentials.ts";

let plane: ControlPlane;

beforeAll(async () => {
  plane = await startControlPlane({ with: ["controllers"] });
});

afterAll(async () => plane.stop());

describe("the Kubernetes API that tests run on", () => {
  it("is the version that is pinned", async () => {
    expect(await plane.kubectl(["version"])).toContain("Server Version: v1.34.2");
  });

  it("lets the operator's account do nothing until a role says so", async () => {
    await expect(plane.kubectl(["get", "configmaps", "-n=default"], { user: "operator" })).rejects.toThrow("Forbidden");
    const { namespace, name } = OPERATOR_ACCOUNT;
    await plane.kubectl(["create", "role", "reader", "--verb=list", "--resource=configmaps"]);
    await plane.kubectl(["create", "rolebinding", "reader", "--role=reader", `--serviceaccount=${namespace}:${name}`]);
    expect(await plane.kubectl(["get", "configmaps", "-n=default", "-o=name"], { user: "operator" })).toBe("");
  });

  it("writes down who asked for what", async () => {
    await plane.kubectl(["create", "configmap", "seen"]);
    const events = await plane.auditLog();
    const mine = events.filter((event) => isWrite(event) && event.resource === "configmaps" && event.user === "admin");
    expect(mine).toMatchObject([{ verb: "create", namespace: "default", code: 201 }]);
  });

  it("keeps what it holds when it is killed and started again", async () => {
    await plane.kubectl(["create", "namespace", "kept"]);
    await plane.apiServer.kill();
    await expect(plane.kubectl(["get", "namespace", "kept"])).rejects.toThrow("refused");
    await plane.apiServer.restart();
    expect(await plane.kubectl(["get", "namespace", "kept", "-o", "name"])).toBe("namespace/kept\n");
  });

  it("can be frozen and go on", async () => {
    plane.apiServer.pause();
    await expect(plane.kubectl(["get", "namespaces", "--request-timeout=1s"])).rejects.toThrow(/timeout|deadline/iu);
    plane.apiServer.resume();
    expect(await plane.kubectl(["get", "namespaces", "-o", "name"])).toContain("namespace/default");
  });

  it("ends a namespace with what is in it", async () => {
    await plane.kubectl(["create", "namespace", "short"]);
    await plane.kubectl(["create", "configmap", "inside", "--namespace=short"]);
    await plane.kubectl(["delete", "namespace", "short", "--timeout=60s"]);
    await expect(plane.kubectl(["get", "namespace", "short"])).rejects.toThrow("NotFound");
  });
});
