import { existsSync } from "node:fs";
import { KubeConfig } from "@kubernetes/client-node";
import { SyncError } from "../model/errors.ts";

export interface KubeConfigPlace {
  /** A kubeconfig named by a person. */
  readonly file?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const ACCOUNT_TOKEN = "/var/run/secrets/kubernetes.io/serviceaccount/token";

/** The named file; else the service account of the pod this runs in; else KUBECONFIG. Throws SyncError `usage`. */
export function loadKubeConfig({ file, env }: KubeConfigPlace): KubeConfig {
  const config = new KubeConfig();
  if (file !== undefined) loadFile(config, file);
  else if (isInCluster(env)) config.loadFromCluster();
  else if ((env["KUBECONFIG"] ?? "") !== "") loadFiles(config, env["KUBECONFIG"] ?? "");
  else {
    throw new SyncError("usage", "no cluster: there is no kubeconfig, and this is not a pod with a service account", {
      remedy: "Name one with --kubeconfig FILE or in KUBECONFIG.",
    });
  }
  check(config);
  return config;
}

/** The namespace of the pod, or of the kubeconfig's context. */
export function ownNamespace(config: KubeConfig): string {
  const namespace = config.getContextObject(config.getCurrentContext())?.namespace ?? "";
  return namespace === "" ? "default" : namespace.trim();
}

function isInCluster(env: KubeConfigPlace["env"]): boolean {
  return (env["KUBERNETES_SERVICE_HOST"] ?? "") !== "" && existsSync(ACCOUNT_TOKEN);
}

function loadFiles(config: KubeConfig, paths: string): void {
  const [first = "", ...others] = paths.split(process.platform === "win32" ? ";" : ":").filter((path) => path !== "");
  loadFile(config, first);
  for (const path of others) {
    const other = new KubeConfig();
    loadFile(other, path);
    config.mergeConfig(other, true);
  }
}

/** Without its cause: a parser repeats the text it fails on, and that holds credentials. */
function loadFile(config: KubeConfig, path: string): void {
  try {
    config.loadFromFile(path);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? ` (${String(error.code)})` : "";
    throw new SyncError("usage", `${path} cannot be read as a kubeconfig${code}`, {
      remedy: "Check the path, and the file with: kubectl config view --kubeconfig FILE",
    });
  }
}

function check(config: KubeConfig): void {
  const cluster = config.getCurrentCluster();
  if (cluster !== null && URL.canParse(cluster.server)) return;
  throw new SyncError("usage", "the kubeconfig's current context does not lead to a cluster with a server's address", {
    remedy: "Choose one with: kubectl config use-context NAME",
  });
}
