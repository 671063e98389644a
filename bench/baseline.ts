import { execFileSync } from "node:child_process";
import { join } from "node:path";

const project = join(import.meta.dirname, "..");

/** Compiles the baselines as the tool itself is compiled: stripping types at start-up would make them look slow. */
export function buildBaselines(): void {
  execFileSync("tsc", ["-p", join(import.meta.dirname, "tsconfig.json")], { stdio: "inherit" });
}

export function baseline(name: "plan" | "validate" | "writes"): string {
  return join(project, ".bench/bench/baseline", `${name}.js`);
}
