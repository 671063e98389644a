import { SyncError } from "../model/errors.ts";
import type { Source } from "../model/source.ts";

/** Several sources as one: each file keeps the source it came from for what it refers to. */
export function combineSources(sources: readonly Source[]): Source {
  const [only] = sources;
  if (only !== undefined && sources.length === 1) return only;
  const byRoot = new Map(sources.flatMap((source) => source.files.map(({ root }) => [root, source] as const)));
  const of = (root: string): Source => {
    const source = byRoot.get(root);
    if (source === undefined) throw new SyncError("internal", `no source has the root ${root}`);
    return source;
  };
  return {
    label: sources.map(({ label }) => label).join(" and "),
    files: sources.flatMap(({ files }) => files).toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0)),
    unread: sources.flatMap(({ unread }) => unread),
    glob: (root, directory, pattern) => of(root).glob(root, directory, pattern),
    open: (root, path) => of(root).open(root, path),
    prepare: async (files) => {
      await Promise.all(
        sources.map(async (source) => source.prepare?.(files.filter(({ root }) => byRoot.get(root) === source))),
      );
    },
  };
}
