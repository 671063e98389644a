import type { Source } from "../model/source.ts";

/** Manifests as they stand in one commit. */
export interface RevisionSource extends Source {
  readonly commit: string;
  /** The tree of the folder; undefined where no commit has exactly this. */
  readonly tree: string | undefined;
  /** For people, and for version comments: `main@sha1:<40>`. */
  readonly revision: string;
}

/** What a run asks of the repository. No work tree: everything is read by id, nothing is executed or written. */
export interface Revisions {
  /**
   * The manifests of a folder, ignored as the .llmstackignore of `rulesOf` says where one is named: policy is the base's.
   * Throws SyncError where the commit has no such folder.
   */
  open(commit: string, folder: string, rulesOf?: string): Promise<RevisionSource>;
  /** A file's text; undefined where the commit has none there. */
  text(commit: string, path: string): Promise<string | undefined>;
  /** The newest commit of a branch. Throws SyncError where there is none. */
  tip(branch: string): Promise<string>;
  /** The commit of a full ref; undefined where the remote has none of that name. */
  find(ref: string): Promise<string | undefined>;
  /** Refs whose full name matches a pattern with `*`, and their commits. */
  matching(pattern: string): Promise<ReadonlyMap<string, string>>;
  isAncestor(ancestor: string, commit: string): Promise<boolean>;
  /** Files that differ between two commits, by their path from the top. */
  changedPaths(from: string, to: string): Promise<ReadonlySet<string>>;
}
