import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { goProgram } from "./go-program.ts";

const HELM = { folder: "test/helm", packages: { helm: "helm.sh/helm/v3/cmd/helm" }, flags: ["-ldflags", "-s -w"] };

/** The path of Helm 3, built from its pinned module. */
export async function helmProgram(): Promise<string> {
  return goProgram(HELM, "helm");
}

/** What helm writes to stdout. A failure throws, and its message ends with what helm said. */
export async function helm(args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(await helmProgram(), args, { maxBuffer: 64 * 1024 * 1024 });
  return stdout;
}
