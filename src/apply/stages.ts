import { SyncError } from "../model/errors.ts";
import type { Change, Plan, Wave } from "../model/plan.ts";
import { addEntries } from "./add-entries.ts";
import {
  type Changing,
  isChanging,
  isEntryAdding,
  isEntryRemoving,
  isMaking,
  isRemoving,
  type Making,
  type Removing,
} from "./changes.ts";
import { create, type CreateGate, type Made, openGate } from "./create.ts";
import { lastWaves } from "./last-wave.ts";
import { pruneEntries } from "./prune-entries.ts";
import { publishAsked, type PublishPart, setPublish } from "./publish.ts";
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
  /** True in the wave in which a change is carried out to its end. */
  readonly isLast: (change: Change, wave: Wave) => boolean;
}

type Stage = (wave: Wave, run: Run, shared: Shared) => Promise<void>;

/** How each stage is carried out. */
const STAGES: { readonly [stage in Wave["stage"]]: Stage } = {
  narrow: (wave, run, shared) => publishAll(wave, "narrow", run, shared),
  write,
  widen: (wave, run, shared) => publishAll(wave, "widen", run, shared),
  remove: removeAll,
};

/** Throws SyncError `internal` before anything is sent when a wave cannot be carried out: nobody says who may see what. */
export function assertStages(plan: Plan): void {
  const published = plan.waves.filter(({ stage }) => stage === "narrow" || stage === "widen");
  const lost = published.flatMap(({ changes }) => changes).find((change) => !isPublishing(change));
  if (lost === undefined) return;
  throw new SyncError("internal", `The plan is to show ${lost.key} to somebody, and it says nothing of to whom.`, {
    remedy: "This is a bug: please report it with the command you ran.",
  });
}

function isPublishing(change: Change): change is Making | Changing {
  return (isMaking(change) || isChanging(change)) && publishAsked(change) !== undefined;
}

export function share(run: Run): Shared {
  const kinds = [...new Set(run.plan.changes.map(({ kind }) => kind))].map((kind) => run.specOf(kind));
  return { gate: openGate(), guard: guardOf(run.plan, kinds, run.ledger), isLast: lastWaves(run.plan) };
}

/** Carries out one wave; every change that stands in it for the last time is settled then. */
export async function carryOut(wave: Wave, run: Run, shared: Shared): Promise<void> {
  await STAGES[wave.stage](wave, run, shared);
}

async function write(wave: Wave, run: Run, shared: Shared): Promise<void> {
  const { changes } = wave;
  const step = { wave, run, shared };
  await Promise.all([
    makeAll(changes.filter(isMaking), step),
    ...changes.filter(isChanging).map((change) => attempt(change, step, () => updateOne(change, run))),
    addEntries(changes.filter(isEntryAdding), run),
  ]);
}

/** One wave on its way. */
interface Step {
  readonly wave: Wave;
  readonly run: Run;
  readonly shared: Shared;
}

async function updateOne(change: Changing, run: Run): Promise<Result> {
  run.written.add(change.key);
  return update(change, run);
}

async function publishAll(wave: Wave, part: PublishPart, run: Run, shared: Shared): Promise<void> {
  const step = { wave, run, shared };
  const changes = wave.changes.filter(isPublishing);
  await Promise.all(changes.map((change) => attempt(change, step, () => setPublish(change, part, run))));
}

async function makeAll(changes: readonly Making[], step: Step): Promise<void> {
  const { run, shared } = step;
  const made: Made[] = [];
  await Promise.all(
    changes.map((change) =>
      run.limit(async () => {
        if (!run.ledger.begin(change)) return;
        try {
          await assertReplaceable(change, run);
          const one = await create(change, run, shared.gate);
          made.push(one);
          run.ledger.write(change, done(one.live.uuid));
        } catch (error) {
          run.ledger.settle(change, resultOf(error));
        }
      }),
    ),
  );
  await verifyMade(made, run, (one, result) => bookMade(one, result, step));
}

/** From here on references to the key mean the new object. */
function bookMade({ change, live, knownBy }: Made, result: Result, step: Step): void {
  const { run } = step;
  if (result.status === "done" && result.uuid !== undefined) {
    run.uuids.set(change.key, result.uuid);
    run.written.add(change.key);
    if (result.uuid === live.uuid && knownBy === "answer") run.empty.add(live.uuid);
  }
  book(change, result, step);
}

/** Settles a change in the last of its waves, or where it failed; before that it goes on. */
function book(change: Change, result: Result, { wave, run, shared }: Step): void {
  if (result.status === "done" && !shared.isLast(change, wave)) run.ledger.write(change, result);
  else run.ledger.settle(change, result);
}

async function removeAll(wave: Wave, run: Run, shared: Shared): Promise<void> {
  const step = { wave, run, shared };
  await Promise.all([
    ...wave.changes.filter(isRemoving).map((change) => removeOne(change, step)),
    pruneEntries(wave.changes.filter(isEntryRemoving), run, shared.guard),
  ]);
}

async function removeOne(change: Removing, step: Step): Promise<void> {
  const { run, shared } = step;
  await attempt(change, step, async () => {
    const why = shared.guard(change);
    if (why === undefined) return remove(change, run);
    run.ledger.block(change, why);
    return undefined;
  });
}

/** Starts one change as soon as there is room and settles it; `work` gives nothing when it has settled it itself. */
async function attempt(change: Change, step: Step, work: () => Promise<Result | undefined>): Promise<void> {
  const { run } = step;
  await run.limit(async () => {
    if (!run.ledger.begin(change)) return;
    try {
      const result = await work();
      if (result !== undefined) book(change, result, step);
    } catch (error) {
      run.ledger.settle(change, resultOf(error));
    }
  });
}
