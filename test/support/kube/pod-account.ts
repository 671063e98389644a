import { mkdtemp, readFile, rename, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ControlPlane } from "./control-plane.ts";
import { OPERATOR_ACCOUNT } from "./credentials.ts";

/** What a pod has of its service account: files that the kubelet replaces, and two words of its environment. */
export interface PodAccount {
  /** What runs a program so that it finds them where every pod does, and nobody else on this machine. */
  readonly command: readonly [program: string, ...args: string[]];
  readonly env: Readonly<Record<string, string>>;
  /** Replaces the token, all files at once, as the kubelet does. */
  put(token: string): Promise<void>;
}

const PLACE = "/var/run/secrets/kubernetes.io/serviceaccount";

/** Needs `unshare` and the right to mount: root's, or that of everybody where user namespaces are allowed. */
export async function podAccount(plane: ControlPlane, token: string): Promise<PodAccount> {
  const folder = await mkdtemp(join(plane.folder, "account-"));
  const ca = await readFile(plane.caFile, "utf8");
  const put = async (next: string): Promise<void> => {
    const version = await mkdtemp(join(folder, "..version-"));
    const files = { token: next, "ca.crt": ca, namespace: OPERATOR_ACCOUNT.namespace };
    for (const [name, text] of Object.entries(files)) await writeFile(join(version, name), text, { mode: 0o600 });
    await symlink(version.slice(folder.length + 1), join(folder, "..next"));
    await rename(join(folder, "..next"), join(folder, "..data"));
  };
  await put(token);
  for (const name of ["token", "ca.crt", "namespace"]) await symlink(join("..data", name), join(folder, name));
  // Over /run itself, so that no folder has to be made on this machine.
  const mounts = [`mount -t tmpfs tmpfs /var/run`, `mkdir -p ${PLACE}`, `mount --bind '${folder}' ${PLACE}`];
  const script = `${mounts.join(" && ")} && exec "$@"`;
  const { hostname, port } = new URL(plane.url);
  const asRoot = process.getuid?.() === 0 ? [] : ["--map-root-user"];
  return {
    command: ["unshare", "--mount", ...asRoot, "--", "sh", "-c", script, "sh"],
    env: { KUBERNETES_SERVICE_HOST: hostname, KUBERNETES_SERVICE_PORT: port },
    put,
  };
}
