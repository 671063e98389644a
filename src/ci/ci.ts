import { randomBytes } from "node:crypto";
import type { Invocation } from "../cli/command-row.ts";
import { EXIT } from "../cli/exit-codes.ts";
import { showFailure } from "../cli/failure.ts";
import { createLog } from "../cli/log.ts";
import * as options from "../cli/options/ci.ts";
import { parseKeyName } from "../cli/options/parsers.ts";
import { logFormat } from "../cli/options/output.ts";
import { liveOutput } from "../cli/progress.ts";
import { problemList } from "../cli/show-problems.ts";
import { SyncError } from "../model/errors.ts";
import { InvalidManifests } from "../model/invalid-manifests.ts";
import { readBasePolicy } from "./base-policy.ts";
import type { CiRun, DutyResult } from "./ci-run.ts";
import { DUTIES } from "./duties/duties.ts";
import { exitWithComments } from "./duties/say.ts";
import { connectForge, forgeToken } from "./forge-access.ts";
import { openRevisions } from "./git-revisions.ts";
import { finishRun } from "./finish-run.ts";
import { guardedOutput, type GuardedOutput } from "./runner/guarded-output.ts";
import { jobSecrets } from "./runner/job-secrets.ts";
import { maskCommands } from "./runner/workflow-commands.ts";
import { findForge, findSituation } from "./situation.ts";

/** Does what an event of a forge means. All that it prints is kept from becoming a command of the job's runner. */
export async function run(invocation: Invocation): Promise<number> {
  const forge = findForge(invocation);
  const guard = guardedOutput({ runner: forge.runner, target: invocation.io.stdout, token: randomWord });
  guard.commands(maskCommands(jobSecrets(invocation.io.env)));
  const guarded = withOutput(invocation, guard);
  try {
    const result = await dutyDone(guarded);
    return await finishRun(result, guarded, { guard, forge, token: randomWord });
  } catch (error) {
    const { io, log, level } = guarded;
    const exitCode = await showFailure(error, { io, log, isVerbose: level === "verbose", format: undefined });
    return await finishRun(failed(error, exitCode), guarded, { guard, forge, token: randomWord });
  } finally {
    guard.end();
  }
}

/** Nobody can guess it, so nobody's text can end what it begins. */
function randomWord(): string {
  return `llmstack-sync-${randomBytes(16).toString("hex")}`;
}

function withOutput(invocation: Invocation, { output }: GuardedOutput): Invocation {
  const { flags, io, level } = invocation;
  const format = flags.get(logFormat) ?? (io.env["LLMSTACK_LOG_FORMAT"] === "json" ? "json" : "text");
  const { progress } = liveOutput(output, { isLive: false });
  return {
    ...invocation,
    io: { ...io, stdout: output, stderr: output },
    log: createLog(output, { format, level }),
    progress,
  };
}

async function dutyDone(invocation: Invocation): Promise<DutyResult> {
  const { log, io, flags } = invocation;
  const situation = await findSituation(findForge(invocation), invocation);
  const { forge, event, duty, why } = situation;
  log.info(`${event.name}: ${duty}. ${why}`);
  if (duty === "nothing") return { exitCode: EXIT.ok, outputs: {} };
  if (duty === "refuse" || event.kind === "refused") {
    const remedy = event.kind === "refused" ? event.remedy : "";
    throw new SyncError("refused", `llmstack-sync ci does not run on ${event.name}`, { remedy });
  }
  const token = await forgeToken(forge, invocation);
  const revisions = await openRevisions({ event, forge, token, invocation });
  try {
    const base = await readBasePolicy(situation, revisions, invocation);
    const { set } = base.policy;
    const ciRun: CiRun = {
      ...base,
      invocation,
      event,
      forge,
      client: connectForge(forge, event, { token, invocation }),
      revisions,
      key: { set, target: flags.get(options.target) ?? targetIn(io.env), topic: "plan" },
      branch: situation.branch ?? "",
      link: forge.runUrl(io.env),
      failedComments: [],
    };
    const result = await DUTIES[duty](ciRun);
    return { ...result, exitCode: exitWithComments(ciRun, result.exitCode) };
  } finally {
    await revisions.close();
  }
}

function targetIn(env: Invocation["io"]["env"]): string {
  const name = env["LLMSTACK_TARGET"] ?? "";
  return name === "" ? "default" : parseKeyName(name);
}

/** Problems are beside the lines they are in whatever the event was. */
function failed(error: unknown, exitCode: number): DutyResult {
  const outcome = exitCode === EXIT.invalid ? "invalid" : "refused";
  return {
    exitCode,
    outputs: exitCode === EXIT.refused || exitCode === EXIT.invalid ? { outcome } : {},
    ...(error instanceof InvalidManifests && { problems: problemList(error) }),
  };
}
