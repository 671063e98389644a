import { SyncError } from "../model/errors.ts";
import type { Report } from "../model/outcome.ts";
import type { Plan } from "../model/plan.ts";
import { type ApplySetup, startRun } from "./run.ts";
import { assertStages, carryOut, share } from "./stages.ts";

export type { ApplyEvent } from "./ledger.ts";
export type { ApplySetup } from "./run.ts";

/**
 * Carries out a plan, wave by wave, and reports what became of every change; what goes wrong with one of them is an
 * outcome. Throws SyncError `refused`, with nothing sent, when the plan has refusals, and `internal` for a plan that
 * cannot be carried out.
 */
export async function apply(plan: Plan, setup: ApplySetup): Promise<Report> {
  refuse(plan);
  assertStages(plan);
  const startedAt = setup.now();
  const start = performance.now();
  const requestsBefore = setup.client.requestCount();
  const run = startRun(plan, setup);
  try {
    const shared = share(run);
    for (const wave of plan.waves) await carryOut(wave, run, shared);
    return {
      target: plan.target,
      outcomes: run.ledger.finish(),
      isInterrupted: run.interrupt.stop.aborted,
      requests: setup.client.requestCount() - requestsBefore,
      startedAt: startedAt.toISOString(),
      durationMs: Math.round(performance.now() - start),
    };
  } finally {
    run.interrupt.end();
  }
}

function refuse({ refusals }: Plan): void {
  if (refusals.length === 0) return;
  throw new SyncError("refused", refusals.map(({ rule, detail }) => `${rule}: ${detail}`).join("\n"), {
    remedy: refusals.map(({ remedy }) => remedy).join("\n"),
  });
}
