import { EXIT } from "../../cli/exit-codes.ts";
import type { CiRun, DutyResult } from "../ci-run.ts";
import { renderNotice } from "../comment/render-comment.ts";
import type { PullRequest } from "../events/event.ts";
import { say } from "./say.ts";

/** A plan on a pull request that was closed unmerged must not look as if it still were to happen. */
export async function supersede(run: CiRun, { number }: PullRequest): Promise<DutyResult> {
  const title = "Superseded: this pull request was closed, and nothing of it is applied";
  const text = { number, head: undefined, need: "where-one-is" } as const;
  const url = await say(run, { ...text, render: (frame) => renderNotice(title, frame) });
  return { exitCode: EXIT.ok, outputs: { outcome: "nothing", "comment-url": url } };
}
