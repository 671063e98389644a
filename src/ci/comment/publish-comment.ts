import type { ForgeClient } from "../forges/forge.ts";
import { ownComments, settleComment, type WantedComment } from "./settle-comment.ts";

export interface Published {
  /** `dropped`: the head has moved meanwhile, and a newer run speaks for it. */
  readonly done: "written" | "unchanged" | "dropped";
  readonly url: string;
}

interface Destination {
  readonly number: number;
  /** The head this text is about; undefined where it holds whatever the head is. */
  readonly head: string | undefined;
}

/** Brings our one comment on a pull request up to date. */
export async function publishComment(
  client: ForgeClient,
  { number, head }: Destination,
  wanted: WantedComment,
  signal: AbortSignal,
): Promise<Published> {
  const [now, comments] = await Promise.all([
    head === undefined ? undefined : client.pullRequest(number, signal),
    client.comments(number, signal),
  ]);
  if (now !== undefined && now.head !== head) return { done: "dropped", url: "" };
  const steps = settleComment(comments, wanted);
  let url = ownComments(comments, wanted.key)[0]?.url ?? "";
  for (const step of steps) {
    if (step.do === "create") url = (await client.createComment(number, step.body, signal)).url;
    if (step.do === "update") await client.updateComment(number, step.id, step.body, signal);
    if (step.do === "retire") await client.retireComment(number, step.id, signal);
  }
  return { done: steps.length === 0 ? "unchanged" : "written", url };
}
