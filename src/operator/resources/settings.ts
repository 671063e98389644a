import { isObject, type Json, type JsonObject, own } from "../../model/json.ts";
import { parseDuration } from "./duration.ts";

export type DriftMode = "correct" | "warn" | "ignore";

/** What the spec of a resource says to the operator alone. */
export interface Settings {
  /** Absent: the one named `default`. */
  readonly serverRef?: ServerRef;
  /** 0 means never. */
  readonly intervalMs: number;
  /** The longest wait between tries; 0 means none but those of the interval. */
  readonly retryMs: number;
  readonly isSuspended: boolean;
  readonly drift: DriftMode;
  readonly policies: Policies;
  readonly deletionPolicy: "Delete" | "Orphan";
}

export interface ServerRef {
  readonly kind: "Server" | "ClusterServer";
  readonly name: string;
}

export interface Policies {
  readonly adopt: boolean;
  readonly replace: boolean;
  readonly discardDrafts: boolean;
}

const INTERVAL_MS = 600_000;
const SHORTEST_INTERVAL_MS = 30_000;
const RETRY_MS = 600_000;
/** One resource that asks for less would keep everybody else waiting. */
const SHORTEST_RETRY_MS = 1_000;

/** Reads what the schema of the cluster has checked; anything else there counts as absent. */
export function settingsOf(spec: JsonObject): Settings {
  const serverRef = serverRefOf(own(spec, "serverRef"));
  const policies = own(spec, "policies");
  const policy = (name: string): Json | undefined => (isObject(policies) ? own(policies, name) : undefined);
  const drift = own(spec, "drift");
  return {
    ...(serverRef !== undefined && { serverRef }),
    intervalMs: intervalOf(own(spec, "interval")),
    retryMs: retryOf(own(spec, "retryInterval")),
    isSuspended: own(spec, "suspend") === true,
    drift: drift === "warn" || drift === "ignore" ? drift : "correct",
    policies: {
      adopt: policy("adopt") === "Match",
      replace: policy("replace") === "Allow",
      discardDrafts: policy("drafts") === "Discard",
    },
    deletionPolicy: own(spec, "deletionPolicy") === "Orphan" ? "Orphan" : "Delete",
  };
}

function serverRefOf(value: Json | undefined): ServerRef | undefined {
  if (!isObject(value) || typeof value["name"] !== "string") return undefined;
  return { kind: value["kind"] === "ClusterServer" ? "ClusterServer" : "Server", name: value["name"] };
}

/** As an `interval` counts: never more often than every 30 s. */
export function intervalOf(value: Json | undefined): number {
  const ms = durationOf(value) ?? INTERVAL_MS;
  return ms === 0 ? 0 : Math.max(ms, SHORTEST_INTERVAL_MS);
}

function retryOf(value: Json | undefined): number {
  const ms = durationOf(value) ?? RETRY_MS;
  return ms === 0 ? 0 : Math.max(ms, SHORTEST_RETRY_MS);
}

function durationOf(value: Json | undefined): number | undefined {
  return typeof value === "string" ? parseDuration(value) : undefined;
}
