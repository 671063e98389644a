import type { Json } from "./json.ts";
import type { Problem } from "./problem.ts";

/** A file that may hold manifests, already decoded. */
export interface SourceFile {
  /** As a person would type it, so that it can be clicked: relative to where they stand, or absolute. `-`: stdin. */
  readonly path: string;
  readonly text: string;
  /** What stands in it, where that is no text that somebody wrote but was JSON before: it needs no quotes. */
  readonly documents?: readonly Json[];
  /** The folder that `$file` and globs of this manifest may not leave, in the source's own terms. */
  readonly root: string;
  /** The manifest's own folder, relative to `root`, with `/` between parts; "" where it is `root` itself. */
  readonly directory: string;
}

/** The manifests of one run, and the way to the other files beside them. Directory, Git tree or memory. */
export interface Source {
  /** For the first line of a plan: the paths as given, for Git the revision too. */
  readonly label: string;
  /** Sorted by path. */
  readonly files: readonly SourceFile[];
  /** What stands among the files and could not be read as text: no run may take it for absent. */
  readonly unread: readonly Problem[];
  /**
   * Paths (relative to `root`, sorted) of files that match a glob; never outside the root, links resolved.
   * `directory` is the manifest's folder relative to root: globs are written relative to the manifest.
   */
  glob(root: string, directory: string, pattern: string): Promise<readonly string[]>;
  /** Opens a file of `root` for reading, as often as asked. Throws SyncError for one that is outside or missing. */
  open(root: string, path: string): Promise<SourceBytes>;
  /** Says which files will be opened, where getting them together is cheaper than one by one. Never says what is wrong. */
  prepare?(files: readonly { readonly root: string; readonly path: string }[]): Promise<void>;
}

export interface SourceBytes {
  readonly size: number;
  read(): AsyncIterable<Uint8Array>;
}
