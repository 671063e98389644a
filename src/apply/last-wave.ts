import type { Change, Plan, Wave } from "../model/plan.ts";

/** Tells in which wave a change is carried out to its end: it may stand in several. */
export function lastWaves({ waves }: Plan): (change: Change, wave: Wave) => boolean {
  const last = new Map(waves.flatMap((wave) => wave.changes.map(({ id }) => [id, wave] as const)));
  return ({ id }, wave) => last.get(id) === wave;
}
