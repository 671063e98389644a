/** What became of a commit that was tried. */
export type Tried =
  /** Carried out as far as it goes; what is held waits for a person, not for another try. */
  | "settled"
  /** Invalid manifests, a rewritten history, a safety rule: nothing was done, and nothing will be until it moves. */
  | "refused"
  /** Something that passes: it is tried again. */
  | "failed";

/** What a branch, a tag or a range of tags stands for at one moment. */
export interface Position {
  /** The full name: of a range the tag that was chosen. */
  readonly ref: string;
  readonly commit: string;
}

/** Where a follower stands. Values, so that every step can be looked at. */
export interface FollowState {
  /** What was carried out last, and is enforced while the branch stands at something worse. */
  readonly applied?: Position;
  /** What was tried last, and what became of it. */
  readonly attempted?: { readonly position: Position; readonly tried: Tried };
}

/** What is to be done about where the branch stands now. */
export type NextRun =
  | { readonly do: "nothing" }
  /** To be looked at first: its history may have been rewritten. */
  | { readonly do: "advance"; readonly position: Position }
  | { readonly do: "retry"; readonly position: Position }
  | { readonly do: "enforce"; readonly position: Position };

/** `moved`: somebody looked at the branch. `retry`, `enforce`: it is time to. */
export type Occasion = "moved" | "retry" | "enforce";

/**
 * What a follower does next. A commit is tried once, and again only after a failure that passes; one that does not
 * validate changes nothing, and the last good one goes on being enforced.
 */
export function nextRun({ applied, attempted }: FollowState, tip: Position | undefined, occasion: Occasion): NextRun {
  const hasMoved = tip !== undefined && tip.commit !== attempted?.position.commit;
  if (hasMoved) return { do: "advance", position: tip };
  if (occasion === "retry" && attempted?.tried === "failed") return { do: "retry", position: attempted.position };
  return occasion === "enforce" && applied !== undefined ? { do: "enforce", position: applied } : { do: "nothing" };
}

/** The state after a run. */
export function afterRun(state: FollowState, position: Position, tried: Tried): FollowState {
  const attempted = { position, tried };
  return tried === "settled" ? { applied: position, attempted } : { ...state, attempted };
}
