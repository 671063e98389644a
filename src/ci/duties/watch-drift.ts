import { EXIT } from "../../cli/exit-codes.ts";
import * as options from "../../cli/options/ci.ts";
import { styleOf } from "../../cli/style.ts";
import { kinds } from "../../kinds/index.ts";
import type { Drift } from "../../model/drift.ts";
import { SyncError } from "../../model/errors.ts";
import { classifyDrift } from "../../plan/drift.ts";
import { renderDriftMarkdown } from "../../report/drift-markdown.ts";
import { renderDriftText } from "../../report/drift-text.ts";
import type { CiRun, DutyResult } from "../ci-run.ts";
import { type CommentKey, isMarked, markerOf, unixLines } from "../comment/marker.ts";
import { planRevision } from "../plan-revision.ts";
import { planOutputs } from "./finish-review.ts";
import { appliedCommit, unappliedSince } from "./records.ts";

/** Compares the server with the revision applied last, and keeps one issue about it where that is asked for. */
export async function watchDrift(run: CiRun): Promise<DutyResult> {
  const commit = await appliedCommit(run);
  const { applied } = await unappliedSince(run, commit);
  const source = await run.revisions.open(applied ?? commit, run.folder);
  return planRevision(run, source, { lock: "none", versionReads: "everywhere" }, async ({ plan, read }) => {
    const [refusal] = plan.refusals;
    if (refusal !== undefined) throw new SyncError("refused", refusal.detail, { remedy: refusal.remedy });
    const all = classifyDrift(plan, kinds);
    // What the manifests ask for and was held is no news: nobody changed the server.
    const drift = { ...all, changes: all.changes.filter((change) => change.class !== "pending") };
    const { io, flags } = run.invocation;
    io.stdout.write(renderDriftText(drift, { style: styleOf(io.stdout) }));
    const url = flags.isOn(options.driftIssue) ? await keepIssue(run, drift) : "";
    const isDrifted = drift.changes.length > 0;
    return {
      exitCode: isDrifted ? EXIT.changes : EXIT.ok,
      outputs: {
        ...planOutputs(plan),
        outcome: isDrifted ? "drift" : "clean",
        tree: source.tree ?? "",
        revision: source.revision,
        "comment-url": url,
      },
      summary: renderDriftMarkdown(drift),
      problems: read.list,
    };
  });
}

/** One issue for ever: opened at the first drift, closed when there is none, opened again. Answers its address. */
async function keepIssue({ client, key, link, invocation: { io, log }, forge }: CiRun, drift: Drift): Promise<string> {
  if (client === undefined) {
    log.warn("--drift-issue needs a token for the forge", { hint: "set LLMSTACK_FORGE_TOKEN" });
    return "";
  }
  const about: CommentKey = { ...key, topic: "drift" };
  const state = drift.changes.length > 0 ? "open" : "closed";
  const foot = link === undefined ? "" : `\n[The whole run](${encodeURI(link)})\n`;
  // In the worst case a character is four bytes.
  const text = renderDriftMarkdown(drift, { limit: Math.floor((forge.commentBytes - 1_000) / 4) });
  const body = `${markerOf(about)}\n\n${text}${foot}`;
  const found = (await client.issues(io.stop)).find((issue) => issue.isOwn && isMarked(issue.body, about));
  if (found === undefined) {
    if (state === "closed") return "";
    const title = `Drift: the server is not what Git says (set ${key.set}, target ${key.target})`;
    return (await client.createIssue({ title, body }, io.stop)).url;
  }
  const isSame = unixLines(found.body).trimEnd() === body.trimEnd() && found.isOpen === (state === "open");
  // A closed issue about no drift has nothing to say.
  if (!isSame && (found.isOpen || state === "open")) await client.updateIssue(found.number, { body, state }, io.stop);
  return found.url;
}
