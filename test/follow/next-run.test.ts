import { describe, expect, it } from "vitest";
import { afterRun, type FollowState, nextRun, type Occasion, type Position } from "../../src/follow/next-run.ts";

const at = (commit: string): Position => ({ ref: "refs/heads/main", commit });

const settled = afterRun({}, at("a"), "settled");

describe("a follower", () => {
  it.each<{ says: string; state: FollowState; tip: Position | undefined; occasion: Occasion; next: object }>([
    {
      says: "starts with what is there",
      state: {},
      tip: at("a"),
      occasion: "moved",
      next: { do: "advance", position: at("a") },
    },
    {
      says: "does nothing while nothing moves",
      state: settled,
      tip: at("a"),
      occasion: "moved",
      next: { do: "nothing" },
    },
    {
      says: "goes on when the branch does",
      state: settled,
      tip: at("b"),
      occasion: "moved",
      next: { do: "advance", position: at("b") },
    },
    {
      says: "enforces what it applied",
      state: settled,
      tip: at("a"),
      occasion: "enforce",
      next: { do: "enforce", position: at("a") },
    },
    {
      says: "does not try again what does not validate",
      state: afterRun(settled, at("bad"), "refused"),
      tip: at("bad"),
      occasion: "moved",
      next: { do: "nothing" },
    },
    {
      says: "goes on enforcing the last good commit meanwhile",
      state: afterRun(settled, at("bad"), "refused"),
      tip: at("bad"),
      occasion: "enforce",
      next: { do: "enforce", position: at("a") },
    },
    {
      says: "tries again after a failure that passes",
      state: afterRun(settled, at("b"), "failed"),
      tip: at("b"),
      occasion: "retry",
      next: { do: "retry", position: at("b") },
    },
    {
      says: "gives a failed commit up for the next one",
      state: afterRun(settled, at("b"), "failed"),
      tip: at("c"),
      occasion: "retry",
      next: { do: "advance", position: at("c") },
    },
    {
      says: "tries again also while the repository cannot be reached",
      state: afterRun(settled, at("b"), "failed"),
      tip: undefined,
      occasion: "retry",
      next: { do: "retry", position: at("b") },
    },
    {
      says: "has nothing to enforce before a commit was applied",
      state: {},
      tip: undefined,
      occasion: "enforce",
      next: { do: "nothing" },
    },
  ])("$says", ({ state, tip, occasion, next }) => {
    expect(nextRun(state, tip, occasion)).toEqual(next);
  });
});
