import type { KubeObject } from "../../kube/kube-object.ts";
import { SyncError } from "../../model/errors.ts";
import { isObject, type Json, type JsonObject, own } from "../../model/json.ts";
import type { Patch } from "../../model/patch.ts";
import type { MaxDeletes } from "../../model/plan.ts";
import { readPatches } from "../../manifest/patch/read-patches.ts";
import type { RewindPolicy } from "../../follow/rewind.ts";
import { type GitAddress, parseGitAddress } from "../../source/git/address.ts";
import type { GitVerify } from "../../source/git/setup.ts";
import { parseDuration } from "../resources/duration.ts";
import { type DriftMode, intervalOf, type ServerRef, settingsOf } from "../resources/settings.ts";

/** What a GitSync asks for, as its schema lets it be. */
export interface GitSyncSpec {
  readonly address: GitAddress;
  /** Names of Secrets of its namespace. */
  readonly credentials?: string;
  readonly verify?: { readonly what: GitVerify["what"]; readonly secret: string };
  readonly serverRef?: ServerRef;
  readonly set?: string;
  /** 0 means never. */
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly isSuspended: boolean;
  readonly prune: boolean;
  readonly maxDeletes?: MaxDeletes;
  readonly drift: DriftMode;
  readonly rewind: RewindPolicy;
  readonly approval: "Automatic" | "Manual";
  readonly patches: readonly Patch[];
}

const INTERVAL_MS = 300_000;
const TIMEOUT_MS = 60_000;

/** Reads the spec of a GitSync. Throws SyncError `invalid_manifest` for what the schema of the cluster cannot see. */
export function gitSyncSpecOf({ spec, metadata }: KubeObject): GitSyncSpec {
  const body = isObject(spec) ? spec : {};
  const git = objectIn(body, "git");
  const { serverRef, drift, isSuspended } = settingsOf(body);
  const verify = verifyIn(git);
  const maxDeletes = maxDeletesIn(own(body, "maxDeletes"));
  return {
    address: addressIn(git),
    ...nameIn(objectIn(git, "secretRef"), "credentials"),
    ...(verify !== undefined && { verify }),
    ...(serverRef !== undefined && { serverRef }),
    ...textIn(body, "set"),
    intervalMs: own(body, "interval") === undefined ? INTERVAL_MS : intervalOf(own(body, "interval")),
    timeoutMs: durationIn(own(body, "timeout")) ?? TIMEOUT_MS,
    isSuspended,
    prune: own(body, "prune") === true,
    ...(maxDeletes !== undefined && { maxDeletes }),
    drift,
    rewind: own(body, "rewind") === "follow" ? "follow" : "refuse",
    approval: own(body, "approval") === "Manual" ? "Manual" : "Automatic",
    patches: patchesIn(own(body, "patches"), metadata.name),
  };
}

/** The keys of `spec.git.ref`, each as the address writes it. */
const REFS: Readonly<Record<string, (text: string) => Partial<GitAddress>>> = {
  branch: (text) => ({ ref: `refs/heads/${text}` }),
  tag: (text) => ({ ref: `refs/tags/${text}` }),
  name: (text) => ({ ref: text }),
  semver: (text) => ({ semver: text }),
  commit: (text) => ({ commit: text }),
};

/** What it follows is written as an address, so that the rules of addresses are the rules here. */
function addressIn(git: JsonObject): GitAddress {
  const [url, path] = [own(git, "url"), own(git, "path")];
  const folder = typeof path === "string" ? path.replaceAll(/^\/+|\/+$/gu, "") : "";
  const parsed = parse(typeof url === "string" ? url : "");
  if (parsed === undefined || parsed.path !== "" || parsed.ref !== undefined) {
    throw new SyncError("invalid_manifest", "spec.git.url is no plain address of a repository.", {
      remedy: "Write https://host/org/repo.git, and the folder and the ref in path and ref.",
    });
  }
  if (parsed.url.startsWith("file:")) {
    throw new SyncError("invalid_manifest", "spec.git.url names a file: only https:// and ssh:// are followed here.");
  }
  const [[key, text] = ["", ""]] = Object.entries(objectIn(git, "ref"));
  const ref = typeof text === "string" ? (REFS[key]?.(text) ?? {}) : {};
  return { url: parsed.url, path: folder, ...ref };
}

function parse(url: string): GitAddress | undefined {
  try {
    return parseGitAddress(url);
  } catch (error) {
    if (!(error instanceof SyncError)) throw error;
    throw new SyncError("invalid_manifest", `spec.git.url: ${error.message}`, { cause: error });
  }
}

const MODES = ["commit", "tag", "both"] as const;

function verifyIn(git: JsonObject): GitSyncSpec["verify"] {
  const verify = objectIn(git, "verify");
  const what = MODES.find((mode) => mode === own(verify, "mode"));
  const { secret } = nameIn(objectIn(verify, "secretRef"), "secret");
  return what === undefined || secret === undefined ? undefined : { what, secret };
}

function maxDeletesIn(value: Json | undefined): MaxDeletes | undefined {
  if (typeof value === "number") return { count: value };
  const [, digits, percent] = typeof value === "string" ? (/^(\d+)(%?)$/u.exec(value) ?? []) : [];
  if (digits === undefined) return undefined;
  return percent === "%" ? { percent: Number(digits) } : { count: Number(digits) };
}

function patchesIn(value: Json | undefined, name: string): readonly Patch[] {
  if (value === undefined) return [];
  const { patches, faults } = readPatches(value, {
    path: `GitSync/${name}`,
    of: `GitSync ${name}`,
    find: () => undefined,
  });
  if (faults.length === 0) return patches;
  const list = faults.map(({ pointer, message }) => `spec.patches${pointer}: ${message}`).join("; ");
  throw new SyncError("invalid_manifest", list);
}

function durationIn(value: Json | undefined): number | undefined {
  return typeof value === "string" ? parseDuration(value) : undefined;
}

function objectIn(body: JsonObject, key: string): JsonObject {
  const value = own(body, key);
  return isObject(value) ? value : {};
}

function nameIn<Name extends string>(ref: JsonObject, name: Name): { readonly [N in Name]?: string } {
  const value = own(ref, "name");
  return typeof value === "string" ? ({ [name]: value } as { readonly [N in Name]: string }) : {};
}

function textIn<Name extends string>(body: JsonObject, name: Name): { readonly [N in Name]?: string } {
  const value = own(body, name);
  return typeof value === "string" ? ({ [name]: value } as { readonly [N in Name]: string }) : {};
}
