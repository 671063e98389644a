import { expect, it } from "vitest";
import { parseVersionComment, versionComment } from "../../src/model/version-comment.ts";

const MARK = { v: 1, set: "team", key: "App/bot", nonce: "n1" } as const;

it.each([undefined, "abc123"])("a version's comment tells who wrote it, from revision %j", (revision) => {
  const comment = versionComment(MARK, revision);
  expect(comment).toBe(`llmstack-sync team App/bot n1${revision === undefined ? "" : " abc123"}`);
  const { set, key, nonce } = MARK;
  expect(parseVersionComment(comment)).toEqual({ set, key, nonce, ...(revision !== undefined && { revision }) });
});

it.each([
  "",
  "First version",
  "llmstack-sync",
  "llmstack-sync team App/bot",
  "llmstack-sync a b c d e",
  " llmstack-sync a b c",
])("%j is somebody else's", (comment) => {
  expect(parseVersionComment(comment)).toBeUndefined();
});
