import type { Pointer } from "../../model/pointer.ts";
import type { HistoryItem } from "../status/facts.ts";

/** A place that somebody changes back after every correction: it is left for a while. */
export interface Fight {
  readonly places: readonly Pointer[];
  /** Corrections in a row. */
  readonly times: number;
  /** When it is to be corrected again, as it stands in a status. */
  readonly until: string;
}

interface Past {
  /** Newest first. */
  readonly history: readonly HistoryItem[];
  /** Of what is asked for now: another manifest is a new start. */
  readonly digest: string;
  readonly intervalMs: number;
  readonly now: number;
}

/** After so many corrections of one place in a row somebody else writes there too. */
const FIGHT_AT = 3;
const LONGEST_WAIT_MS = 21_600_000;
/** Where the live object is never looked at by itself. */
const USUAL_INTERVAL_MS = 600_000;
const SHORTEST_QUIET_MS = 300_000;

/** Whether these places are to be left as they are for now. Pure. */
export function fightOver(places: readonly Pointer[], past: Past): Fight | undefined {
  const last = lastCorrection(places, past);
  if (last?.times === undefined) return undefined;
  const until = Date.parse(last.at) + waitAfter(last.times, past);
  if (until <= past.now) return undefined;
  return { places: shared(places, last), times: last.times, until: `${new Date(until).toISOString().slice(0, 19)}Z` };
}

/** Which correction in a row it is that is made now. Pure. */
export function timesInARow(places: readonly Pointer[], past: Past): number {
  const last = lastCorrection(places, past);
  if (last?.times === undefined) return 1;
  const isCalm =
    past.now - Date.parse(last.at) > 2 * Math.max(waitAfter(last.times, past), SHORTEST_QUIET_MS, base(past));
  return isCalm ? 1 : last.times + 1;
}

function lastCorrection(places: readonly Pointer[], { history, digest }: Past): HistoryItem | undefined {
  return history.find((item) => item.digest === digest && shared(places, item).length > 0);
}

/** Twice as long after each correction, from two intervals on. */
function waitAfter(times: number, past: Past): number {
  if (times < FIGHT_AT) return 0;
  return Math.min(base(past) * 2 ** (times - FIGHT_AT + 1), Math.max(LONGEST_WAIT_MS, base(past)));
}

function base({ intervalMs }: Past): number {
  return intervalMs === 0 ? USUAL_INTERVAL_MS : intervalMs;
}

function shared(places: readonly Pointer[], { places: corrected = [] }: HistoryItem): readonly Pointer[] {
  return places.filter((place) => corrected.includes(place));
}
