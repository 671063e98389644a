import { describe, expect, it } from "vitest";
import { fightOver, timesInARow } from "../../../src/operator/resources/flapping.ts";
import type { HistoryItem } from "../../../src/operator/status/facts.ts";

const MINUTE = 60_000;
const START = Date.parse("2026-03-01T00:00:00Z");
const THEME = ["/config/theme"];

interface Fought {
  readonly at: number;
  readonly times: number;
}

/** Somebody changes the theme right after every correction, and it is looked at at every interval. */
function fight(minutes: number, intervalMs = 10 * MINUTE): readonly Fought[] {
  const corrections: Fought[] = [];
  let history: readonly HistoryItem[] = [];
  for (let now = START; now <= START + minutes * MINUTE; now += intervalMs) {
    const past = { history, digest: "one", intervalMs, now };
    if (fightOver(THEME, past) !== undefined) continue;
    const times = timesInARow(THEME, past);
    corrections.push({ at: (now - START) / MINUTE, times });
    history = [corrected(now, times), ...history].slice(0, 10);
  }
  return corrections;
}

function corrected(at: number, times: number, places: readonly string[] = THEME): HistoryItem {
  return { at: new Date(at).toISOString(), op: "update", result: "done", digest: "one", message: "", places, times };
}

describe("a place that is put back again and again", () => {
  it("is corrected less and less often, at the longest every six hours", () => {
    const minutes = fight(2_500).map(({ at }) => at);
    expect(minutes).toEqual([0, 10, 20, 40, 80, 160, 320, 640, 1000, 1360, 1720, 2080, 2440]);
  });

  it("is counted for as long as it goes on, however little of it is remembered", () => {
    expect(fight(2_500).map(({ times }) => times)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
  });

  it("is never left for less than its interval where that is longer than six hours", () => {
    const day = 24 * 60;
    expect(fight(5 * day, day * MINUTE).map(({ at }) => at / day)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it("is corrected a dozen times in four hours, not every 30 s, where looks are as frequent as can be", () => {
    expect(fight(4 * 60, 30_000).length).toBeLessThan(12);
  });
});

describe("no fight is seen", () => {
  const past = {
    history: [corrected(START + 20 * MINUTE, 3), corrected(START + 10 * MINUTE, 2), corrected(START, 1)],
    digest: "one",
    intervalMs: 10 * MINUTE,
    now: START + 30 * MINUTE,
  };

  it("unless there is one", () => {
    expect(fightOver(["/name", ...THEME], past)).toEqual({ places: THEME, times: 3, until: "2026-03-01T00:40:00Z" });
  });

  it.each([
    ["over another place", { places: ["/config/welcome_message"], past }],
    ["when the manifest asks for something else", { places: THEME, past: { ...past, digest: "two" } }],
    ["when the time is up", { places: THEME, past: { ...past, now: START + 40 * MINUTE } }],
    ["after two corrections", { places: THEME, past: { ...past, history: past.history.slice(1) } }],
    ["of what was asked for", { places: THEME, past: { ...past, history: [{ ...corrected(START, 3), places: [] }] } }],
  ])("%s", (_, { places, past: given }) => {
    expect(fightOver(places, given)).toBeUndefined();
  });

  it("any more when it was calm for twice as long as it was left", () => {
    expect(timesInARow(THEME, { ...past, now: START + 60 * MINUTE })).toBe(4);
    expect(timesInARow(THEME, { ...past, now: START + 61 * MINUTE })).toBe(1);
  });
});
