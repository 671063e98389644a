import type { Mark } from "./mark.ts";

/** What stands in the comment of a version that we wrote (design.md 3). */
export interface VersionComment {
  readonly set: string;
  readonly key: string;
  readonly nonce: string;
  /** The Git revision it came from, where there was one. */
  readonly revision?: string;
}

/** The comment of a version that carries this mark: who wrote it, told without reading its data. */
export function versionComment({ set, key, nonce }: Mark, revision?: string): string {
  return [PREFIX, set, key, nonce, ...(revision === undefined ? [] : [revision])].join(" ");
}

/** Reads such a comment; undefined for what somebody else wrote. */
export function parseVersionComment(comment: string): VersionComment | undefined {
  const [prefix, set, key, nonce, revision, ...more] = comment.split(" ");
  if (prefix !== PREFIX || more.length > 0) return undefined;
  if (set === undefined || key === undefined || nonce === undefined) return undefined;
  return { set, key, nonce, ...(revision !== undefined && { revision }) };
}

const PREFIX = "llmstack-sync";
