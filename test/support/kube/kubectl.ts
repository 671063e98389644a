import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { kubeProgram } from "./programs.ts";

const run = promisify(execFile);

export interface KubectlSetup {
  readonly kubeconfig: string;
  readonly input?: string;
}

/** What kubectl writes to stdout. A failure throws, and its message ends with what kubectl said. */
export async function kubectl(args: readonly string[], { kubeconfig, input }: KubectlSetup): Promise<string> {
  const program = await kubeProgram("kubectl");
  const running = run(program, ["--kubeconfig", kubeconfig, ...args], {
    maxBuffer: 64 * 1024 * 1024,
    // Discovery is kept in a folder of its own, or one control plane would believe what another one said.
    env: { PATH: process.env["PATH"], HOME: `${kubeconfig}.home`, KUBECACHEDIR: `${kubeconfig}.cache` },
  });
  running.child.stdin?.end(input);
  return (await running).stdout;
}
