import { describe, expect, it } from "vitest";
import { judgeMove } from "../../src/follow/rewind.ts";

const at = (commit: string, ref = "refs/heads/main"): { ref: string; commit: string } => ({ ref, commit });

describe("a branch that moved", () => {
  const move = { from: at("a"), to: at("b"), isAncestor: async () => false, policy: "refuse" } as const;

  it.each([
    { says: "nothing was applied yet", move: { ...move, from: undefined } },
    { says: "it stands where it was", move: { ...move, to: at("a") } },
    { says: "it continues from there", move: { ...move, isAncestor: async () => true } },
    { says: "rewinds are to be followed", move: { ...move, policy: "follow" as const } },
    { says: "somebody accepted this very commit", move: { ...move, accepted: "b" } },
    {
      says: "a range chose another tag",
      move: { ...move, from: at("a", "refs/tags/v1"), to: at("b", "refs/tags/v2") },
    },
  ])("is followed where $says", async ({ move: allowed }) => {
    expect(await judgeMove(allowed)).toEqual({ verdict: "go" });
  });

  it("is refused where its history was rewritten, with both commits", async () => {
    expect(await judgeMove({ ...move, accepted: "c" })).toEqual({
      verdict: "refused",
      why: "b does not continue from a, which was applied last: history was rewritten",
    });
  });

  it("is refused where a tag was moved", async () => {
    const moved = { ...move, from: at("a", "refs/tags/v1"), to: at("b", "refs/tags/v1") };
    expect(await judgeMove(moved)).toMatchObject({ verdict: "refused" });
  });

  it("is refused where nobody can tell", async () => {
    expect(await judgeMove({ ...move, isAncestor: async () => "unknown" as const })).toMatchObject({
      verdict: "refused",
    });
  });
});
