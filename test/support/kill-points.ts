import type { KillPoint } from "./kill-gate.ts";

/** Whether to kill at a point; `previous` is what passed right before it. */
type IsWorthwhile = (point: KillPoint, previous: KillPoint | undefined) => boolean;

/** The points at which a process is still to be killed while it does one thing. */
export class KillPoints {
  readonly #isWorthwhile: IsWorthwhile;
  readonly #known = new Set<string>();
  readonly #open: KillPoint[] = [];
  /** Where it was to be killed, and did not come to. */
  readonly missed: KillPoint[] = [];

  constructor(isWorthwhile: IsWorthwhile) {
    this.#isWorthwhile = isWorthwhile;
  }

  get isOpen(): boolean {
    return this.#open.length > 0;
  }

  take(): KillPoint | undefined {
    return this.#open.shift();
  }

  /** Runs differ in their order: points that only a later one has are for those that come after it. */
  note(points: readonly KillPoint[]): void {
    for (const point of points.filter((one, index) => this.#isWorthwhile(one, points[index - 1]))) {
      const name = nameOf(point);
      if (this.#known.has(name)) continue;
      this.#known.add(name);
      this.#open.push(point);
    }
  }
}

export function nameOf({ when, request, nth }: KillPoint): string {
  return `${when} ${request} (${nth})`;
}
