import * as options from "../../cli/options/ci.ts";
import type { StaleChange } from "../../plan/restrict.ts";
import type { CiRun } from "../ci-run.ts";
import type { ReviewRecord } from "../comment/record.ts";
import type { CommentFrame } from "../comment/render-comment.ts";
import type { Delivery } from "./delivery.ts";
import { say } from "./say.ts";

interface Told {
  /** What stands on each of them from now on; undefined: what was reviewed stays on record, for the next run. */
  readonly record: ReviewRecord | undefined;
  readonly render: (frame: CommentFrame) => string;
}

/**
 * Says what became of it on every pull request that it delivers: those with a comment of ours, the one that was just
 * merged, and the one that was named. Answers the address of the first.
 */
export async function tellPulls(
  { run, unapplied, restricted, commit }: Delivery,
  { record, render }: Told,
): Promise<string> {
  const named = run.invocation.flags.get(options.pullRequest);
  const merged = unapplied.pulls.filter((pull) => pull.record !== undefined || pull.commit === commit);
  const others =
    named === undefined || merged.some(({ number }) => number === named) ? [] : [{ number: named, record: undefined }];
  const remarks = [...actorRemark(run), ...acceptRemark(restricted.stale)];
  const isWorthIt = restricted.stale.length > 0 || restricted.plan.changes.some(({ op }) => op !== "keep");
  const urls: string[] = [];
  for (const pull of [...merged, ...others]) {
    const frame = { record: record ?? pull.record, remarks };
    const text = { number: pull.number, head: undefined, need: isWorthIt ? "always" : "where-one-is" } as const;
    urls.push(await say(run, { ...text, render: (around) => render({ ...around, ...frame }) }));
  }
  return urls.find((url) => url !== "") ?? "";
}

function actorRemark({ event: { kind, actor } }: CiRun): readonly string[] {
  return kind === "manual" && actor !== undefined && /^[\w-]+$/u.test(actor)
    ? [`Started by hand by \`${actor}\`.`]
    : [];
}

/** Enough to copy; the log has all. */
const MOST_IDS = 50;

/** How to let through what was held. */
function acceptRemark(stale: readonly StaleChange[]): readonly string[] {
  const ids = stale.filter(({ change }) => change.op !== "hold").map(({ change }) => change.id.slice(0, 12));
  if (ids.length === 0) return [];
  const more = ids.length > MOST_IDS ? ` (and ${ids.length - MOST_IDS} more: see the log)` : "";
  const them = ids.length === 1 ? "One of these changes" : `${ids.length} of these changes`;
  return [
    `**${them} no pull request has shown, so nothing was done about ${ids.length === 1 ? "it" : "them"}.** To let them through, open a pull request whose plan shows them, or start the job by hand with mode \`apply\`, accepting \`${ids.slice(0, MOST_IDS).join(",")}\`${more}.`,
  ];
}
