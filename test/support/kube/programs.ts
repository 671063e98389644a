import { existsSync } from "node:fs";
import { join } from "node:path";
import { goProgram, type GoModule } from "../go-program.ts";

const PACKAGES = {
  etcd: "go.etcd.io/etcd/server/v3",
  "kube-apiserver": "k8s.io/kubernetes/cmd/kube-apiserver",
  kubectl: "k8s.io/kubernetes/cmd/kubectl",
  "kube-controller-manager": "k8s.io/kubernetes/cmd/kube-controller-manager",
} as const;

type KubeProgram = keyof typeof PACKAGES;

export const kubePrograms = Object.keys(PACKAGES) as readonly KubeProgram[];

const VERSION = "1.34.2";

/** Without these `/version` answers a placeholder, which confuses clients. */
const STAMPS = ["k8s.io/component-base/version", "k8s.io/client-go/pkg/version"].flatMap((module) => [
  `-X ${module}.gitVersion=v${VERSION}`,
  `-X ${module}.gitMajor=1`,
  `-X ${module}.gitMinor=34`,
  `-X ${module}.gitTreeState=clean`,
]);

const APISERVER: GoModule = {
  folder: "test/apiserver",
  packages: PACKAGES,
  flags: ["-ldflags", ["-s", "-w", ...STAMPS].join(" ")],
};

/** The path of a Kubernetes program: that of the folder KUBEBUILDER_ASSETS where it is there, else a built one. */
export async function kubeProgram(name: KubeProgram): Promise<string> {
  const assets = process.env["KUBEBUILDER_ASSETS"];
  const given = assets === undefined ? undefined : join(assets, name);
  return given !== undefined && existsSync(given) ? given : goProgram(APISERVER, name);
}
