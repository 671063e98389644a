import type { FileBody } from "../model/resource.ts";

/**
 * A file, or the files of a glob, that manifests ask for. The pipeline loads each through `Source.open` or
 * `Source.glob` and gives the answers to `buildDesired`.
 */
export type WantedFile = {
  readonly root: string;
  /** `text`: decoded as UTF-8, a failure where it is not; `bytes`: a FileBody. */
  readonly as: "text" | "bytes";
} & (
  | { readonly path: string }
  | {
      /** The manifest's folder, which the glob is relative to. */
      readonly directory: string;
      readonly glob: string;
    }
);

/** Answers by `wantedKey`. What is missing here counts as a file that could not be read. */
export type LoadedFiles = ReadonlyMap<string, Loaded>;

/** For a path exactly one file, for a glob its matches sorted by path; or, in words, why it could not be read. */
export type Loaded = { readonly files: readonly LoadedFile[] } | { readonly failure: string };

/** `path` is relative to the root. */
export type LoadedFile =
  { readonly path: string; readonly text: string } | { readonly path: string; readonly body: FileBody };

/** The same for two wants that one load answers. */
export function wantedKey(wanted: WantedFile): string {
  const { root, as } = wanted;
  return JSON.stringify("path" in wanted ? [as, root, wanted.path] : [as, root, wanted.directory, wanted.glob]);
}
