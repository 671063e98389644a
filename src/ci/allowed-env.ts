import type { Environment } from "../cli/io.ts";

/** Variables that hold the job's own secrets, or that decide for its runner. No list may allow them. */
const NEVER = /^(?:GITHUB|ACTIONS|CI|RUNNER|LLMSTACK|GITEA|FORGEJO|GITLAB)_/u;

/** What `$env` may see: what the base revision's project file allows, and never the job's own. */
export function allowedEnv(env: Environment, allowed: readonly string[]): (name: string) => string | undefined {
  const names = new Set(allowed.filter((name) => !NEVER.test(name)));
  return (name) => (names.has(name) ? env[name] : undefined);
}
