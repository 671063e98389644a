import { EXIT } from "../../cli/exit-codes.ts";
import { SyncError } from "../../model/errors.ts";
import type { CiRun, DutyResult } from "../ci-run.ts";
import type { CiEvent } from "../events/event.ts";
import type { DutyName } from "../events/event-table.ts";
import { deliver } from "./deliver.ts";
import { rehearse } from "./rehearse.ts";
import { reviewByHand, reviewPull } from "./review.ts";
import { supersede } from "./supersede.ts";
import { validateCommit, validatePull } from "./validate.ts";
import { watchDrift } from "./watch-drift.ts";

/** What each duty does. `nothing` and `refuse` need no repository, and are over before. */
export const DUTIES: Readonly<Record<Exclude<DutyName, "nothing" | "refuse">, (run: CiRun) => Promise<DutyResult>>> = {
  review: async (run) => ("pull" in run.event ? reviewPull(run, run.event.pull) : reviewByHand(run)),
  validate: async (run) =>
    "pull" in run.event ? validatePull(run, run.event.pull) : validateCommit(run, commitIn(run.event)),
  supersede: async (run) => ("pull" in run.event ? supersede(run, run.event.pull) : nothing()),
  rehearse: async (run) => (run.event.kind === "merge-group" ? rehearse(run, run.event) : nothing()),
  deliver,
  "watch-drift": watchDrift,
};

function commitIn(event: CiEvent): string {
  if ("commit" in event && event.commit !== undefined) return event.commit;
  throw new SyncError("usage", `the ${event.name} event names no commit`);
}

function nothing(): DutyResult {
  return { exitCode: EXIT.ok, outputs: {} };
}
