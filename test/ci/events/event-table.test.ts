import { describe, expect, it } from "vitest";
import type { CiEvent } from "../../../src/ci/events/event.ts";
import { dutyOf, EVENT_TABLE, type Situation } from "../../../src/ci/events/event-table.ts";

const repository = {
  gitUrl: "https://git.test/o/r.git",
  apiUrl: "https://git.test/api",
  path: "o/r",
  defaultBranch: "main",
};
const base = { name: "x", actor: "ada", repository };
const commit = "a".repeat(40);
const pull = {
  number: 7,
  head: commit,
  base: { branch: "main", commit },
  merge: undefined,
  mergeBase: undefined,
  isFork: false,
};

function duty(event: CiEvent, over: Partial<Situation> = {}): string {
  return dutyOf({ event, hasServer: true, branch: "main", mode: "plan", ...over }).duty;
}

describe("what an event means", () => {
  it("is a review for a pull request of the repository itself", () => {
    expect(duty({ ...base, kind: "pull-request", pull })).toBe("review");
  });

  it("is a check without the server for a fork, even where a token is there by mistake", () => {
    expect(duty({ ...base, kind: "pull-request", pull: { ...pull, isFork: true } })).toBe("validate");
  });

  it("is a check without the server where no token for it was given", () => {
    expect(duty({ ...base, kind: "pull-request", pull }, { hasServer: false })).toBe("validate");
  });

  it("is a note on one that was closed unmerged", () => {
    expect(duty({ ...base, kind: "pull-request-closed", pull })).toBe("supersede");
  });

  it("is an apply only for pushes to the configured branch", () => {
    expect(duty({ ...base, kind: "push", branch: "main", commit })).toBe("deliver");
    expect(duty({ ...base, kind: "push", branch: "other", commit })).toBe("validate");
    expect(duty({ ...base, kind: "push", branch: "main", commit }, { branch: undefined })).toBe("validate");
    expect(duty({ ...base, kind: "tag", commit })).toBe("validate");
  });

  it("is a rehearsal for a merge group, and drift for a schedule", () => {
    expect(duty({ ...base, kind: "merge-group", commit, base: commit, pulls: [7], queue: undefined })).toBe("rehearse");
    expect(duty({ ...base, kind: "schedule", branch: "main", commit })).toBe("watch-drift");
  });

  it("is what the person said who started it by hand", () => {
    expect(duty({ ...base, kind: "manual", branch: "main", commit })).toBe("review");
    expect(duty({ ...base, kind: "manual", branch: "main", commit }, { mode: "apply" })).toBe("deliver");
  });

  it("is refused for what is not safe", () => {
    expect(duty({ ...base, kind: "refused", remedy: "" })).toBe("refuse");
  });

  it("is told for every kind of event: each has a last row without a condition", () => {
    const last = new Map(EVENT_TABLE.map((row) => [row.event, row]));
    expect([...last.values()].filter(({ when }) => when !== undefined)).toEqual([]);
    expect([...last.keys()].toSorted()).toEqual(
      [
        "manual",
        "merge-group",
        "nothing",
        "pull-request",
        "pull-request-closed",
        "push",
        "refused",
        "schedule",
        "tag",
      ].toSorted(),
    );
  });
});
