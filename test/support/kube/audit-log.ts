import { readFile, writeFile } from "node:fs/promises";
import { isObject } from "../../../src/model/json.ts";

/** One request that the API server answered, as its audit log tells it. */
export interface AuditEvent {
  readonly verb: string;
  readonly user: string;
  /** As roles name it: `apps`, `apps/status`; empty for paths that are no resource. */
  readonly resource: string;
  readonly group: string;
  readonly namespace: string;
  readonly name: string;
  readonly uri: string;
  readonly code: number;
  /** True where no role allows it. Admission refuses with 403 too: events in a namespace that is going, say. */
  readonly isForbidden: boolean;
  readonly at: string;
}

const WRITES = new Set(["create", "update", "patch", "delete", "deletecollection"]);

export function isWrite({ verb }: AuditEvent): boolean {
  return WRITES.has(verb);
}

/** Every request is written down once, without bodies, when its answer is complete (a watch: when it ends). */
export async function writeAuditPolicy(path: string): Promise<void> {
  const policy = {
    apiVersion: "audit.k8s.io/v1",
    kind: "Policy",
    omitStages: ["RequestReceived"],
    rules: [{ level: "Metadata" }],
  };
  await writeFile(path, JSON.stringify(policy));
}

/** What has been asked so far, oldest first; watches count from the moment they begin. */
export async function readAuditLog(path: string): Promise<readonly AuditEvent[]> {
  const text = await readFile(path, "utf8");
  return text
    .split("\n")
    .filter((line) => line.endsWith("}"))
    .map((line) => JSON.parse(line) as unknown)
    .filter((event) => isObject(event))
    .filter((event) => event["stage"] === "ResponseStarted" || event["verb"] !== "watch")
    .map(auditEvent);
}

function auditEvent(event: Readonly<Record<string, unknown>>): AuditEvent {
  const object = part(event["objectRef"]);
  const text = (value: unknown): string => (typeof value === "string" ? value : "");
  const subresource = text(object["subresource"]);
  return {
    verb: text(event["verb"]),
    user: text(part(event["user"])["username"]),
    resource: text(object["resource"]) + (subresource === "" ? "" : `/${subresource}`),
    group: text(object["apiGroup"]),
    namespace: text(object["namespace"]),
    name: text(object["name"]),
    uri: text(event["requestURI"]),
    code: Number(part(event["responseStatus"])["code"] ?? 0),
    isForbidden: part(event["annotations"])["authorization.k8s.io/decision"] === "forbid",
    at: text(event["requestReceivedTimestamp"]),
  };
}

function part(value: unknown): Readonly<Record<string, unknown>> {
  return isObject(value) ? value : {};
}
