const KEPT_MS = 10 * 60_000;

/** More than a busy forge sends in ten minutes; a flood forgets the oldest first. */
const MOST_KEPT = 10_000;

/** Which deliveries came in the last ten minutes. A forge repeats one that it thinks was lost; an attacker may as well. */
export class SeenDeliveries {
  readonly #times = new Map<string, number>();

  /** True where the delivery came before; it has come now in any case. */
  has(id: string, now: number): boolean {
    this.#forget(now);
    const isKnown = this.#times.has(id);
    if (!isKnown) this.#times.set(id, now);
    return isKnown;
  }

  /** Oldest first, as they stand in the map. */
  #forget(now: number): void {
    for (const [id, time] of this.#times) {
      if (now - time < KEPT_MS && this.#times.size <= MOST_KEPT) return;
      this.#times.delete(id);
    }
  }
}
