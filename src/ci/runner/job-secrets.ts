import type { Environment } from "../../cli/io.ts";

/** Variables of this tool's and of jobs that hold secrets. */
const SECRET =
  /^(?:LLMSTACK_(?:\w+_)?TOKEN|GITHUB_TOKEN|GITEA_TOKEN|FORGEJO_TOKEN|GITLAB_TOKEN|CI_JOB_TOKEN|ACTIONS_RUNTIME_TOKEN)$/u;

/** Values that no log may show, as far as the environment has them. Nothing prints them: this is a second net. */
export function jobSecrets(env: Environment): readonly string[] {
  return Object.entries(env).flatMap(([name, value]) =>
    SECRET.test(name) && value !== undefined && value.trim() !== "" ? [value.trim()] : [],
  );
}
