import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { type GoModule, goProgram } from "./go-program.ts";

/** Without these it takes every cluster for a very old one, as its releases do not. */
const STAMPS = ["pkg/chartutil", "pkg/lint/rules"].flatMap((folder) => [
  `-X helm.sh/helm/v3/${folder}.k8sVersionMajor=1`,
  `-X helm.sh/helm/v3/${folder}.k8sVersionMinor=34`,
]);

const HELM: GoModule = {
  folder: "test/helm",
  packages: { helm: "helm.sh/helm/v3/cmd/helm" },
  flags: ["-ldflags", ["-s", "-w", ...STAMPS].join(" ")],
};

/** The path of Helm 3, built from its pinned module. */
export async function helmProgram(): Promise<string> {
  return goProgram(HELM, "helm");
}

/** What helm writes to stdout. A failure throws, and its message ends with what helm said. */
export async function helm(args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(await helmProgram(), args, { maxBuffer: 64 * 1024 * 1024 });
  return stdout;
}
