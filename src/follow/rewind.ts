import type { Position } from "./next-run.ts";

/** What a follower may do when a branch does not continue from where it was. */
export type RewindPolicy = "refuse" | "follow";

interface Move {
  /** What was applied last; undefined where nothing was, or nobody remembers. */
  readonly from: Position | undefined;
  readonly to: Position;
  /** Whether `from` is in the history of `to`; unknown where that history is too long to look through. */
  isAncestor(older: string, newer: string): Promise<boolean | "unknown">;
  readonly policy: RewindPolicy;
  /** A commit that a person said may come next, whatever its history. */
  readonly accepted?: string;
}

export type MoveVerdict = { readonly verdict: "go" } | { readonly verdict: "refused"; readonly why: string };

/**
 * Whether a follower may go from one commit to the next. History that was rewritten is refused unless somebody accepts
 * that very commit: a force push takes back what others have reviewed. Another tag of a range need not continue the one
 * before. Throws what `isAncestor` throws.
 */
export async function judgeMove(move: Move): Promise<MoveVerdict> {
  const { from, to, policy, accepted } = move;
  if (from === undefined || from.commit === to.commit || from.ref !== to.ref) return GO;
  if (policy === "follow" || accepted === to.commit) return GO;
  const answer = await move.isAncestor(from.commit, to.commit);
  if (answer === true) return GO;
  const moved = `${to.commit} does not continue from ${from.commit}, which was applied last`;
  const why =
    answer === "unknown"
      ? `whether ${to.commit} continues from ${from.commit}, which was applied last, cannot be told`
      : `${moved}: history was rewritten`;
  return { verdict: "refused", why };
}

const GO: MoveVerdict = { verdict: "go" };
