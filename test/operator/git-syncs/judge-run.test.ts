import { describe, expect, it } from "vitest";
import { SyncError } from "../../../src/model/errors.ts";
import { InvalidManifests } from "../../../src/model/invalid-manifests.ts";
import { memoryFrom } from "../../../src/operator/git-syncs/git-sync-memory.ts";
import {
  commitIn,
  gitSyncFactsIn,
  gitSyncStatusToJson,
  revisionText,
} from "../../../src/operator/git-syncs/git-sync-status.ts";
import { judgeFailure } from "../../../src/operator/git-syncs/judge-run.ts";

const COMMIT = "a".repeat(40);

describe("a revision that came to no plan", () => {
  it("waits for another one where it does not validate, and names the places", () => {
    const problem = { severity: "error", code: "x", message: "is no map", path: "prod/a.yaml" } as const;
    const judged = judgeFailure(
      new InvalidManifests([{ ...problem, range: { line: 3, column: 1, endLine: 3, endColumn: 2 } }], []),
      "main@sha1:1",
    );
    expect(judged).toEqual({
      tried: "refused",
      verdict: {
        reason: "InvalidManifests",
        message: "main@sha1:1 does not validate (1 error): prod/a.yaml:3: is no map",
      },
    });
  });

  it.each([
    { failure: "unreachable", reason: "FetchFailed", tried: "failed" },
    { failure: "auth", reason: "AuthFailed", tried: "failed" },
    { failure: "refused", reason: "Refused", tried: "refused" },
    { failure: "not_found", reason: "SecretNotFound", tried: "failed" },
  ] as const)("is $reason after $failure", ({ failure, reason, tried }) => {
    const judged = judgeFailure(new SyncError(failure, "It said no.", { remedy: "Ask again." }), "main@sha1:1");
    expect(judged).toEqual({ tried, verdict: { reason, message: "It said no. Ask again." } });
  });

  it("is no verdict where it is a bug", () => {
    expect(() => judgeFailure(new TypeError("x is undefined"), "main@sha1:1")).toThrow(TypeError);
  });
});

describe("what a new process knows from the status of a GitSync", () => {
  const facts = {
    attempted: `main@sha1:${COMMIT}`,
    applied: `main@sha1:${COMMIT}`,
    history: [],
    observedGeneration: 1,
  };

  it.each([
    { reason: "Synced", tried: "settled" },
    { reason: "InvalidManifests", tried: "refused" },
    { reason: "Failed", tried: "failed" },
  ] as const)("after $reason is that it was $tried", ({ reason, tried }) => {
    const position = { ref: "main", commit: COMMIT };
    expect(memoryFrom(facts, reason, "").state).toEqual({ applied: position, attempted: { position, tried } });
  });

  it("after trouble beside the revision is nothing of the attempt", () => {
    expect(memoryFrom(facts, "FetchFailed", "").state).toEqual({ applied: { ref: "main", commit: COMMIT } });
  });

  it("survives a status that nobody understands", () => {
    for (const status of [undefined, null, 7, [], { plan: 1, history: "x", lastAppliedRevision: {} }]) {
      expect(gitSyncFactsIn(status)).toEqual({ history: [], observedGeneration: 0 });
    }
  });

  it("is read as it was written", () => {
    const verdict = { reason: "Synced", message: "The server matches." } as const;
    const { observedGeneration: _, ...written } = facts;
    const status = gitSyncStatusToJson({ facts: written, verdict, generation: 1, before: undefined, now: "now" });
    expect(gitSyncFactsIn(status)).toEqual(facts);
    const again = gitSyncStatusToJson({ facts: written, verdict, generation: 1, before: status, now: "later" });
    expect(again).toEqual(status);
  });
});

it.each([
  { position: { ref: "refs/heads/main", commit: COMMIT }, text: `main@sha1:${COMMIT}` },
  { position: { ref: "refs/tags/v1", commit: COMMIT }, text: `v1@sha1:${COMMIT}` },
  { position: { ref: COMMIT, commit: COMMIT }, text: `sha1:${COMMIT}` },
  { position: { ref: "main", commit: "b".repeat(64) }, text: `main@sha256:${"b".repeat(64)}` },
])("a revision reads $text", ({ position, text }) => {
  expect(revisionText(position)).toBe(text);
  expect(commitIn(text)).toBe(position.commit);
});
