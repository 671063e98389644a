import type { Tried } from "../../follow/next-run.ts";
import { makePlan } from "../../plan/make-plan.ts";
import { applyPlan } from "../apply-plan.ts";
import type { Invocation } from "../command-row.ts";
import { type DecideOptions, withDecision } from "../decide.ts";
import { EXIT } from "../exit-codes.ts";
import { showFailure } from "../failure.ts";
import { changeOutput } from "../options/output.ts";
import { withReportFile } from "../report-file.ts";
import type { OpenServer } from "../server-connection.ts";

/** What one apply of many came to. */
export interface AppliedOnce {
  readonly exitCode: number;
  /** Whether it came to its plan's end, or was given up before its first write. */
  readonly end: "reported" | "given up";
}

interface Options {
  readonly server: OpenServer;
  readonly gitUser: NonNullable<DecideOptions["gitUser"]>;
}

/** One apply; whatever goes wrong is shown and is not the end. */
export async function applyOnce(invocation: Invocation, { server, gitUser }: Options): Promise<AppliedOnce> {
  const { io, log, level, progress } = invocation;
  let end: AppliedOnce["end"] = "given up";
  try {
    const exitCode = await withReportFile(invocation, async () =>
      withDecision(invocation, { lock: "taken", makePlan, server, gitUser }, async (session) => {
        const applied = await applyPlan(session, invocation, { withoutTerminal: "given" });
        end = "reported";
        return applied;
      }),
    );
    return { exitCode, end };
  } catch (error) {
    progress.clear();
    const format = invocation.flags.text(changeOutput);
    return { exitCode: await showFailure(error, { io, log, isVerbose: level === "verbose", format }), end };
  }
}

/** Whether there is a point in trying the same again. */
export function triedBy({ exitCode, end }: AppliedOnce): Tried {
  if (exitCode === EXIT.ok) return "settled";
  if (exitCode === EXIT.refused) return end === "reported" ? "settled" : "refused";
  return exitCode === EXIT.invalid ? "refused" : "failed";
}
