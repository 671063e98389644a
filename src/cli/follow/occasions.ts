import type { Occasion } from "../../follow/next-run.ts";
import type { Look } from "../../follow/pollers.ts";

/** What there is to do next: somebody looked at the repository, or a time has come. */
export type Next<Found> =
  { readonly occasion: "moved"; readonly look: Look<Found> } | { readonly occasion: Exclude<Occasion, "moved"> };

/** Milliseconds from now; absent: never. */
export interface Appointments {
  readonly retryMs?: number;
  readonly enforceMs?: number;
}

/** Looks and appointments in one line, one after the other. What comes while nobody waits is not lost. */
export class Occasions<Found> {
  #look: Look<Found> | undefined;
  #onEvent = (): void => undefined;

  /** Of several looks that nobody has taken the newest counts. */
  readonly onLook = (look: Look<Found>): void => {
    this.#look = look;
    this.#onEvent();
  };

  /** Undefined when `stop` is aborted. */
  async next({ retryMs, enforceMs }: Appointments, stop: AbortSignal): Promise<Next<Found> | undefined> {
    let due: Exclude<Occasion, "moved"> | undefined;
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const settle = (): void => resolve(undefined);
    const at = (occasion: Exclude<Occasion, "moved">, ms: number | undefined): NodeJS.Timeout | undefined =>
      ms === undefined ? undefined : setTimeout(() => ((due ??= occasion), settle()), ms);
    const timers = [at("retry", retryMs), at("enforce", enforceMs)];
    this.#onEvent = settle;
    stop.addEventListener("abort", settle);
    if (stop.aborted || this.#look !== undefined) settle();
    await promise;
    for (const timer of timers) clearTimeout(timer);
    stop.removeEventListener("abort", settle);
    this.#onEvent = () => undefined;
    if (stop.aborted) return undefined;
    const look = this.#look;
    this.#look = undefined;
    return look === undefined ? { occasion: due ?? "retry" } : { occasion: "moved", look };
  }
}
