/** What tells one comment of ours from another: the set, and the environment it goes to. */
export interface CommentKey {
  readonly set: string;
  readonly target: string;
  /** `plan` for pull requests, `drift` for the issue of scheduled runs. */
  readonly topic: "plan" | "drift";
}

/** The first line of every text of ours on a forge. Set and target hold nothing that could end an HTML comment. */
export function markerOf({ set, target, topic }: CommentKey): string {
  const about = topic === "plan" ? "" : ` ${topic}`;
  return `<!-- llmstack-sync:v1${about} set=${set} target=${target} -->`;
}

/** True for a text whose first line is this very marker: one that quotes it somewhere is somebody else's. */
export function isMarked(body: string, key: CommentKey): boolean {
  return unixLines(body).startsWith(`${markerOf(key)}\n`);
}

/** Forges keep line ends as they like. */
export function unixLines(body: string): string {
  return body.replaceAll("\r\n", "\n");
}
