import type { RevisionSource } from "./revisions.ts";

interface Sides {
  /** The branch that is merged. */
  readonly from: RevisionSource;
  /** The branch it goes into. */
  readonly onto: RevisionSource;
  /** Paths, from the repository's top, that the merged branch changed since both parted; the other side did not. */
  readonly changed: ReadonlySet<string>;
  /** The manifest folder, "" for the top. */
  readonly folder: string;
}

/** What merging makes of two commits that changed different files: of each file the side that changed it. */
export function mergedSource({ from, onto, changed, folder }: Sides): RevisionSource {
  const isChanged = (path: string): boolean => changed.has(path);
  const inFolder = (path: string): string => (folder === "" ? path : `${folder}/${path}`);
  const pick = <Item>(
    theirs: readonly Item[],
    ours: readonly Item[],
    pathOf: (item: Item) => string,
  ): readonly Item[] => [
    ...theirs.filter((item) => !isChanged(pathOf(item))),
    ...ours.filter((item) => isChanged(pathOf(item))),
  ];
  // Both sides name their root as they like; manifests of both meet under the one of the base.
  const [root = ""] = [...onto.files, ...from.files].map((file) => file.root);
  return {
    label: `${onto.label}, merged with ${from.revision}`,
    commit: from.commit,
    tree: undefined,
    revision: from.revision,
    files: pick(onto.files, from.files, ({ path }) => path)
      .map(({ path, text, directory }) => ({ path, text, directory, root }))
      .toSorted((a, b) => (a.path < b.path ? -1 : 1)),
    unread: pick(onto.unread, from.unread, ({ path }) => path),
    glob: async (_, directory, pattern) => {
      const [theirs, ours] = await Promise.all([
        onto.glob(root, directory, pattern),
        from.glob(root, directory, pattern),
      ]);
      return pick(theirs, ours, inFolder).toSorted();
    },
    open: async (_, path) => (isChanged(inFolder(path)) ? from : onto).open(root, path),
  };
}
