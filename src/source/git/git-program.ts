import { checkGitAddress } from "./address.ts";
import { configOf, environmentOf, secretsOf } from "./environment.ts";
import { gitFailure } from "./failure.ts";
import type { Git } from "./git.ts";
import { placeAfterRedirect } from "./redirect.ts";
import { requireGit, requireSoundSetup } from "./require.ts";
import { runProgram } from "./run-program.ts";
import type { GitSetup } from "./setup.ts";

/** The only way by which anything here starts git. Throws SyncError where git is missing or what is asked is not allowed. */
export async function openGitProgram(url: string, setup: GitSetup, signal: AbortSignal): Promise<Git> {
  checkGitAddress({ url });
  requireSoundSetup(url, setup);
  const env = environmentOf(url, setup);
  const config = configOf(url, setup);
  const secrets = secretsOf(setup);
  const run: Git["run"] = async (args, { config: more = [], env: extra = {}, ...options } = {}) => {
    const settings = [...config, ...more].flatMap((setting) => ["-c", setting]);
    const { stderr, ...answer } = await runProgram(
      {
        program: "git",
        args: [...settings, ...args],
        env: { ...env, ...extra },
        timeoutMs: setup.timeoutMs,
        ...options,
      },
      signal,
    );
    return { ...answer, complaint: plain(stderr, secrets) };
  };
  await requireGit(run);
  let place = url;
  const ask: Git["ask"] = async (tried, args, options) => {
    const first = await run(args(place), options);
    if (first.code === 0) return first;
    if (!/returned error: 30[12378]/u.test(first.complaint)) throw gitFailure(tried, first);
    place = await placeAfterRedirect(place, setup, signal);
    const second = await run(args(place), options);
    if (second.code === 0) return second;
    throw gitFailure(tried, second);
  };
  return { run, ask };
}

/** What a remote may write to our terminal: visible text, without what is secret. */
function plain(stderr: string, secrets: readonly string[]): string {
  const visible = stderr
    // oxlint-disable-next-line no-control-regex -- They are what is taken out.
    .replaceAll(/\u001b\[[0-9;?]*[ -/]*[@-~]/gu, "")
    // oxlint-disable-next-line no-control-regex -- They are what is taken out.
    .replaceAll(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/gu, " ");
  let text = visible.trim();
  for (const secret of secrets) text = text.replaceAll(secret, "(secret)");
  return text;
}
