import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Agent, request } from "undici";
import { writeAuditPolicy } from "./audit-log.ts";
import { type Child, startChild } from "./child.ts";
import { USERS, writeCredentials } from "./credentials.ts";
import { kubeProgram } from "./programs.ts";

export interface ApiServer {
  readonly url: string;
  readonly caFile: string;
  readonly auditFile: string;
  /** Ends it as a crash does (SIGKILL). */
  kill(): Promise<void>;
  /** Starts it again on the same port, ending it first where it still runs; `flags` replace those it had. */
  restart(flags?: readonly string[]): Promise<void>;
  /** Freezes it (SIGSTOP): connections stay open and nobody answers. */
  pause(): void;
  resume(): void;
  stop(): Promise<void>;
}

interface Setup {
  readonly folder: string;
  readonly port: number;
  readonly etcdUrl: string;
  readonly flags: readonly string[];
}

/** A kube-apiserver on a port of 127.0.0.1, ready to answer; its files stand in `folder`. */
export async function startApiServer({ folder, port, etcdUrl, flags }: Setup): Promise<ApiServer> {
  const url = `https://127.0.0.1:${port}`;
  const caFile = join(folder, "apiserver.crt");
  const auditFile = join(folder, "audit.log");
  const policy = join(folder, "audit-policy.json");
  const { tokens, accountKey } = await writeCredentials(folder);
  await writeAuditPolicy(policy);
  const program = await kubeProgram("kube-apiserver");
  const args = [
    `--etcd-servers=${etcdUrl}`,
    `--cert-dir=${folder}`,
    `--secure-port=${port}`,
    "--bind-address=127.0.0.1",
    "--service-cluster-ip-range=10.0.0.0/24",
    "--allow-privileged=true",
    "--authorization-mode=RBAC",
    "--disable-admission-plugins=ServiceAccount",
    `--service-account-issuer=${url}/`,
    `--service-account-key-file=${accountKey}`,
    `--service-account-signing-key-file=${accountKey}`,
    `--token-auth-file=${tokens}`,
    `--audit-policy-file=${policy}`,
    `--audit-log-path=${auditFile}`,
    "--profiling=false",
  ];
  const start = async (more: readonly string[]): Promise<Child> => {
    const child = startChild(program, [...args, ...more]);
    try {
      await child.until(async () => isReady(url, caFile));
      return child;
    } catch (error) {
      await child.end("SIGKILL");
      throw error;
    }
  };
  let lastFlags = flags;
  let running = await start(flags);
  return {
    url,
    caFile,
    auditFile,
    kill: async () => running.end("SIGKILL"),
    restart: async (newFlags = lastFlags) => {
      lastFlags = newFlags;
      await running.end("SIGTERM");
      running = await start(newFlags);
    },
    pause: () => running.pause(),
    resume: () => running.resume(),
    stop: async () => running.end("SIGKILL"),
  };
}

/** Ready, and the namespace is there that kubeconfigs name. */
async function isReady(url: string, caFile: string): Promise<boolean> {
  const ca = await readFile(caFile, "utf8").catch(() => undefined);
  if (ca === undefined) return false;
  const dispatcher = new Agent({ connect: { ca }, headersTimeout: 5000 });
  const answers200 = async (path: string): Promise<boolean> => {
    const headers = { authorization: `Bearer ${USERS.admin.token}` };
    const { statusCode, body } = await request(url + path, { dispatcher, headers });
    await body.dump();
    return statusCode === 200;
  };
  try {
    return (await answers200("/readyz")) && (await answers200("/api/v1/namespaces/default"));
  } catch {
    return false;
  } finally {
    await dispatcher.close();
  }
}
