import { SyncError } from "../model/errors.ts";
import type { Change, Plan, Wave } from "../model/plan.ts";
import { addEntries } from "./add-entries.ts";
import {
  isChanging,
  isEntryAdding,
  isEntryRemoving,
  isMaking,
  isRemoving,
  type Making,
  type Removing,
} from "./changes.ts";
import { create, type CreateGate, type Made, openGate } from "./create.ts";
import { pruneEntries } from "./prune-entries.ts";
import { type Guard, guardOf } from "./related.ts";
import { assertReplaceable, remove } from "./remove.ts";
import { done, type Result, resultOf } from "./result.ts";
import type { Run } from "./run.ts";
import { update } from "./update.ts";
import { verifyMade } from "./verify-made.ts";

/** What the waves of one apply share. */
export interface Shared {
  readonly gate: CreateGate;
  readonly guard: Guard;
}

type Stage = (wave: Wave, run: Run, shared: Shared) => Promise<void>;

/** How each stage is carried out. A stage without a row is one that no dialect can reach yet. */
const STAGES: { readonly [stage in Wave["stage"]]?: Stage } = { write, remove: removeAll };

/** Throws SyncError `internal` before anything is sent when a wave is of a stage that nothing carries out. */
export function assertStages(plan: Plan): void {
  const missing = plan.waves.find(({ stage }) => STAGES[stage] === undefined);
  if (missing === undefined) return;
  throw new SyncError("internal", `The plan has a wave of the stage "${missing.stage}", which cannot be carried out.`, {
    remedy: "This is a bug: please report it with the command you ran.",
  });
}

export function share(run: Run): Shared {
  const kinds = [...new Set(run.plan.changes.map(({ kind }) => kind))].map((kind) => run.specOf(kind));
  return { gate: openGate(), guard: guardOf(run.plan, kinds, run.ledger) };
}

/** Carries out one wave; every change that stands in it for the last time is settled then. */
export async function carryOut(wave: Wave, run: Run, shared: Shared): Promise<void> {
  await STAGES[wave.stage]?.(wave, run, shared);
}

async function write({ changes }: Wave, run: Run, { gate }: Shared): Promise<void> {
  await Promise.all([
    makeAll(changes.filter(isMaking), run, gate),
    ...changes.filter(isChanging).map((change) => attempt(change, run, () => update(change, run))),
    addEntries(changes.filter(isEntryAdding), run),
  ]);
}

async function makeAll(changes: readonly Making[], run: Run, gate: CreateGate): Promise<void> {
  const made: Made[] = [];
  await Promise.all(
    changes.map((change) =>
      run.limit(async () => {
        if (!run.ledger.begin(change)) return;
        try {
          await assertReplaceable(change, run);
          const one = await create(change, run, gate);
          made.push(one);
          run.ledger.write(change, done(one.live.uuid));
        } catch (error) {
          run.ledger.settle(change, resultOf(error));
        }
      }),
    ),
  );
  await verifyMade(made, run, (one, result) => bookMade(one, result, run));
}

/** From here on references to the key mean the new object. A replace goes on in the wave that deletes its old one. */
function bookMade({ change, live, knownBy }: Made, result: Result, run: Run): void {
  if (result.status === "done" && result.uuid !== undefined) {
    run.uuids.set(change.key, result.uuid);
    if (result.uuid === live.uuid && knownBy === "answer") run.empty.add(live.uuid);
  }
  if (change.op === "replace" && result.status === "done") run.ledger.write(change, result);
  else run.ledger.settle(change, result);
}

async function removeAll({ changes }: Wave, run: Run, { guard }: Shared): Promise<void> {
  await Promise.all([
    ...changes.filter(isRemoving).map((change) => removeOne(change, run, guard)),
    pruneEntries(changes.filter(isEntryRemoving), run, guard),
  ]);
}

async function removeOne(change: Removing, run: Run, guard: Guard): Promise<void> {
  await attempt(change, run, async () => {
    const why = guard(change);
    if (why === undefined) return remove(change, run);
    run.ledger.block(change, why);
    return undefined;
  });
}

/** Starts one change as soon as there is room and settles it; `work` gives nothing when it has settled it itself. */
async function attempt(change: Change, run: Run, work: () => Promise<Result | undefined>): Promise<void> {
  await run.limit(async () => {
    if (!run.ledger.begin(change)) return;
    try {
      const result = await work();
      if (result !== undefined) run.ledger.settle(change, result);
    } catch (error) {
      run.ledger.settle(change, resultOf(error));
    }
  });
}
