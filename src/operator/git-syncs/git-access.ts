import { createHash } from "node:crypto";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Kube } from "../../kube/kube.ts";
import { SECRET } from "../../kube/resource-type.ts";
import { SyncError } from "../../model/errors.ts";
import { isObject } from "../../model/json.ts";
import { DEFAULT_LIMITS, type GitKeyFile, type GitSetup } from "../../source/git/setup.ts";
import type { GitSyncSpec } from "./git-sync-spec.ts";

/** Gives `use` the way to a repository as its Secrets say it now. */
export type WithGitAccess = <T>(
  spec: GitSyncSpec,
  namespace: string,
  signal: AbortSignal,
  use: (setup: GitSetup) => Promise<T>,
) => Promise<T>;

interface AccessSetup {
  readonly kube: Pick<Kube, "get">;
  readonly namespace: string;
  /** Folder for stores. */
  readonly cacheDirectory: string;
}

/** What a Secret holds, decoded, and the version it was read in. */
interface Data {
  readonly version: string;
  bytes(key: string): Buffer | undefined;
  readonly keys: readonly string[];
}

/**
 * Gives `use` the way to a repository as its Secrets say it now. Keys that git reads from files are in a folder of our
 * own, for as long as `use` takes. Throws SyncError `not_found` where a Secret is missing.
 */
export async function withGitAccess<T>(
  spec: GitSyncSpec,
  { kube, namespace, cacheDirectory }: AccessSetup,
  signal: AbortSignal,
  use: (setup: GitSetup) => Promise<T>,
): Promise<T> {
  const read = (name: string | undefined): Promise<Data | undefined> => readSecret(kube, namespace, name, signal);
  const [credentials, keys] = await Promise.all([read(spec.credentials), read(spec.verify?.secret)]);
  const folder = await mkdtemp(join(tmpdir(), "llmstack-sync-git-"));
  try {
    await chmod(folder, 0o700);
    return await use({
      credentials: await credentialsOf(credentials, spec, namespace, folder),
      ...(await fileOf(credentials, "ca.crt", folder, "caFile")),
      timeoutMs: spec.timeoutMs,
      limits: DEFAULT_LIMITS,
      cacheDirectory,
      ...(spec.verify !== undefined && { verify: { what: spec.verify.what, keys: keysOf(spec.verify.secret, keys) } }),
      user: "daemon",
      http: "allowed",
      env: process.env,
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function credentialsOf(
  data: Data | undefined,
  { credentials: name = "" }: GitSyncSpec,
  namespace: string,
  folder: string,
): Promise<GitSetup["credentials"]> {
  const text = (key: string): string | undefined => data?.bytes(key)?.toString("utf8").trim();
  const [username, token] = [text("username"), text("password")];
  return {
    ...(token !== undefined && { token }),
    ...(username !== undefined && { username }),
    ...(await fileOf(data, "identity", folder, "sshKeyFile")),
    ...(await fileOf(data, "known_hosts", folder, "knownHostsFile")),
    identity: `${namespace}/${name}`,
  };
}

async function fileOf<Name extends string>(
  data: Data | undefined,
  key: string,
  folder: string,
  name: Name,
): Promise<{ readonly [N in Name]?: string }> {
  const bytes = data?.bytes(key);
  if (bytes === undefined) return {};
  const path = join(folder, key.replaceAll(".", "-"));
  // ssh refuses a private key without a line break at its end.
  await writeFile(path, bytes.at(-1) === 0x0a ? bytes : Buffer.concat([bytes, Buffer.from("\n")]), { mode: 0o600 });
  return { [name]: path } as { readonly [N in Name]: string };
}

function keysOf(secret: string, data: Data | undefined): readonly GitKeyFile[] {
  return (data?.keys ?? []).flatMap((key) => {
    const bytes = data?.bytes(key);
    return bytes === undefined ? [] : [{ name: `${key} of the Secret ${secret}`, bytes }];
  });
}

/** Equal where a repository is seen with the same credentials: those who see it alike may look together. */
export function accessKey(spec: GitSyncSpec, namespace: string): string {
  return createHash("sha256")
    .update(JSON.stringify([spec.address.url, namespace, spec.credentials ?? null]))
    .digest("hex");
}

async function readSecret(
  kube: Pick<Kube, "get">,
  namespace: string,
  name: string | undefined,
  signal: AbortSignal,
): Promise<Data | undefined> {
  if (name === undefined) return undefined;
  const object = await kube.get(SECRET, { namespace, name }, signal);
  if (object === undefined) {
    throw new SyncError("not_found", `There is no Secret ${name} in the namespace.`, {
      remedy: "Make it; the GitSync follows by itself.",
      isRetryable: true,
    });
  }
  const data = isObject(object["data"]) ? object["data"] : {};
  return {
    version: object.metadata.resourceVersion,
    keys: Object.keys(data).toSorted(),
    bytes: (key) => {
      const value = Object.hasOwn(data, key) ? data[key] : undefined;
      return typeof value === "string" && value !== "" ? Buffer.from(value, "base64") : undefined;
    },
  };
}
