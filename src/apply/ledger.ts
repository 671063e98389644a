import type { Outcome, OutcomeStatus } from "../model/outcome.ts";
import type { Change, Plan } from "../model/plan.ts";
import type { ResourceKey } from "../model/resource.ts";
import { liveOf } from "./changes.ts";
import { type Result } from "./result.ts";
import { againAfter, HINTS } from "../model/hints.ts";

/** What an apply tells while it runs. `done` counts what is written or settled, of the `total` that the plan changes. */
export type ApplyEvent =
  | { readonly type: "started"; readonly change: Change; readonly done: number; readonly total: number }
  | {
      readonly type: "finished";
      readonly change: Change;
      readonly outcome: Outcome;
      readonly done: number;
      readonly total: number;
    };

/** The book of one apply: what began, what came of it, and so what may still begin. */
export class Ledger {
  readonly #plan: Plan;
  readonly #stop: AbortSignal;
  readonly #onEvent: (event: ApplyEvent) => void;
  readonly #changesOf: ReadonlyMap<ResourceKey, readonly Change[]>;
  readonly #total: number;
  readonly #beganAt = new Map<string, number>();
  readonly #written = new Map<string, Result>();
  readonly #outcomes = new Map<string, Outcome>();
  /** Ids of changes that are written or settled. */
  readonly #done = new Set<string>();

  constructor(plan: Plan, stop: AbortSignal, onEvent: (event: ApplyEvent) => void) {
    this.#plan = plan;
    this.#stop = stop;
    this.#onEvent = onEvent;
    this.#changesOf = Map.groupBy(plan.changes, ({ key }) => key);
    this.#total = plan.changes.filter(isCarriedOut).length;
    for (const change of plan.changes) this.#bookStanding(change);
  }

  /**
   * True when the change may start, or go on in its next wave. False when it is settled, or has just been: the run is
   * to stop, or something it needs did not succeed.
   */
  admits(change: Change): boolean {
    if (this.#outcomes.has(change.id)) return false;
    if (this.#stop.aborted) {
      this.settle(change, this.#stopped(change));
      return false;
    }
    const missing = change.needs.find((key) => this.#isMissing(key));
    if (missing !== undefined) {
      this.block(change, `${change.key} needs ${missing}, which did not succeed`);
      return false;
    }
    return true;
  }

  /** As `admits`, and books that it starts now. */
  begin(change: Change): boolean {
    if (!this.admits(change)) return false;
    if (!this.#beganAt.has(change.id)) {
      this.#beganAt.set(change.id, performance.now());
      this.#onEvent({ type: "started", change, done: this.#done.size, total: this.#total });
    }
    return true;
  }

  /** Settles a change that may not start, or not go on, because of another one. */
  block(change: Change, why: string): void {
    const uuid = this.#written.get(change.id)?.uuid;
    this.settle(change, {
      status: "blocked",
      failure: { class: "dependency_failed", message: `${why}.`, ...againAfter("Mend that first.") },
      warnings: [],
      ...(uuid !== undefined && { uuid }),
    });
  }

  /** Books that the first part of a change is done; `settle` follows once it is looked after, or its last part done. */
  write(change: Change, result: Result): void {
    this.#written.set(change.id, result);
    this.#done.add(change.id);
  }

  writtenOf(change: Change): Result | undefined {
    return this.#written.get(change.id);
  }

  settle(change: Change, { status, uuid, failure, warnings }: Result): void {
    const began = this.#beganAt.get(change.id);
    const outcome: Outcome = {
      change,
      status,
      ...(uuid !== undefined && { uuid }),
      ...(failure !== undefined && { failure }),
      warnings,
      durationMs: began === undefined ? 0 : Math.round(performance.now() - began),
    };
    this.#outcomes.set(change.id, outcome);
    this.#done.add(change.id);
    this.#onEvent({ type: "finished", change, outcome, done: this.#done.size, total: this.#total });
  }

  outcomeOf(change: Change): Outcome | undefined {
    return this.#outcomes.get(change.id);
  }

  /** One outcome for every change of the plan, in its order. */
  finish(): readonly Outcome[] {
    for (const change of this.#plan.changes) {
      if (!this.#outcomes.has(change.id)) this.settle(change, this.#stop.aborted ? this.#stopped(change) : FORGOTTEN);
    }
    return this.#plan.changes.flatMap((change) => this.#outcomes.get(change.id) ?? []);
  }

  #bookStanding(change: Change): void {
    if (isCarriedOut(change)) return;
    const uuid = liveOf(change)?.uuid;
    this.#outcomes.set(change.id, {
      change,
      status: change.op === "keep" ? "kept" : "held",
      ...(uuid !== undefined && { uuid }),
      warnings: [],
      durationMs: 0,
    });
  }

  #isMissing(key: ResourceKey): boolean {
    return (this.#changesOf.get(key) ?? []).some((change) => {
      const status = this.#outcomes.get(change.id)?.status;
      return status !== undefined && isBad(status);
    });
  }

  /** What it means for this change that the run stops now. */
  #stopped(change: Change): Result {
    const written = this.#written.get(change.id);
    if (written === undefined) return { status: "skipped", warnings: [] };
    return {
      ...written,
      status: "failed",
      failure: {
        class: "cancelled",
        message: `The run stopped when ${change.key} was half done: ${change.op === "replace" ? "the new one is there, the old one still is too" : "who may see it is not what was asked for yet"}.`,
        ...HINTS.again,
      },
    };
  }
}

/** True for an outcome after which nothing that builds on the change may happen. */
export function isBad(status: OutcomeStatus): boolean {
  return status !== "done" && status !== "kept" && status !== "held";
}

function isCarriedOut({ op }: Change): boolean {
  return op !== "keep" && op !== "hold";
}

const FORGOTTEN: Result = {
  status: "failed",
  failure: {
    class: "internal",
    message: "The plan names this change in no wave that would carry it out to its end.",
    remedy: "This is a bug: please report it with the command you ran.",
  },
  warnings: [],
};
