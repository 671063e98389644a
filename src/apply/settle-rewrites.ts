import type { Draft } from "../client/client.ts";
import { SyncError } from "../model/errors.ts";
import type { LiveResource } from "../model/live.ts";
import { counted } from "./text.ts";
import type { Changing, Making } from "./changes.ts";
import { marksOf } from "./find-created.ts";
import { isSameMark } from "./moved.ts";
import { messageOf, stale } from "./result.ts";
import { keptWith, type Rewrite, rewritesIn } from "./rewrites.ts";
import type { Run } from "./run.ts";
import { HINTS } from "../model/hints.ts";

/** One write, as it was sent and as the server has it. */
export interface Written {
  readonly change: Making | Changing;
  readonly draft: Draft;
  /** What the write's own answer showed; absent where the answer was lost. */
  readonly answer?: LiveResource;
  /** What a read shows afterwards. */
  readonly live: LiveResource;
}

/**
 * Compares what the server has with what was sent. What it keeps differently is a warning, and goes into the mark by one
 * more write, so that the next plan is empty. Throws SyncError when the mark itself did not stay, or when somebody else
 * wrote in between.
 */
export async function settleRewrites(written: Written, run: Run): Promise<readonly string[]> {
  const { change, draft, answer, live } = written;
  const hasMutableMark = marksOf(change.kind, run) === "mutable";
  const scope = { spec: run.specOf(change.kind), rules: run.client.rules };
  const sides = { template: change.desired.document, sent: draft.document };
  const rewrites = rewritesIn({ ...sides, got: live.document }, scope);
  const isMarkOurs = !hasMutableMark || isSameMark(draft.mark, live.mark);
  if (rewrites.length === 0 && isMarkOurs) return [];
  const own = answer === undefined ? undefined : rewritesIn({ ...sides, got: answer.document }, scope);
  if (own !== undefined && !isSubset(rewrites, own)) throw wroteInBetween(written);
  if (!isMarkOurs) throw isSameMark(draft.mark, answer?.mark) ? wroteInBetween(written) : markLost(written);
  const warning = warn(change, rewrites);
  if (!hasMutableMark || own === undefined) return [warning];
  return [warning, ...(await record(written, rewrites, run))];
}

async function record(
  { draft, live, change }: Written,
  rewrites: readonly Rewrite[],
  run: Run,
): Promise<readonly string[]> {
  const kept = keptWith(rewrites, draft.mark);
  if (kept === undefined) return [];
  try {
    const marked = { ...draft, mark: { ...draft.mark, kept } };
    await run.client.update(run.specOf(change.kind), live, marked, run.interrupt.hard);
    return [];
  } catch (error) {
    return [
      `Could not write that down in the mark of ${change.key}, so the next plan may show it as drift: ${messageOf(error)}`,
    ];
  }
}

/** What the read shows and the write's own answer did not was done by somebody else. */
function isSubset(rewrites: readonly Rewrite[], own: readonly Rewrite[]): boolean {
  return rewrites.every((rewrite) =>
    own.some(({ pointer, pair }) => pointer === rewrite.pointer && String(pair) === String(rewrite.pair)),
  );
}

function warn({ key }: Making | Changing, rewrites: readonly Rewrite[]): string {
  const places = rewrites.slice(0, 5).map(({ pointer }) => pointer);
  const more = rewrites.length > places.length ? ` and ${rewrites.length - places.length} more` : "";
  return `server_rewrote_value: the server keeps ${counted(rewrites.length, "value")} of ${key} differently than sent: ${places.join(", ")}${more}. Please report this as a bug.`;
}

function wroteInBetween({ change, live }: Written): SyncError {
  return stale(`${change.key} (${live.uuid}) was written, and somebody else changed it right after that.`);
}

function markLost({ change, live }: Written): SyncError {
  return new SyncError(
    "server_rewrote_value",
    `${change.key} (${live.uuid}) was written, and the server did not keep our mark on it as it was sent.`,
    HINTS.lostMark,
  );
}
