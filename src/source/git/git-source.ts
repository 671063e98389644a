import { posix } from "node:path";
import type { GitRevision, GitSource } from "../../model/git-revision.ts";
import type { Problem } from "../../model/problem.ts";
import { readManifestFiles } from "../directory.ts";
import { unreadProblems } from "../explain.ts";
import { type ManifestPath, manifestsBelow, readRulebook, withIgnoreRules } from "../find-manifests.ts";
import { globInside } from "../glob-inside.ts";
import { locateInside, openInside } from "../open-inside.ts";
import type { Obstacle } from "../real-tree.ts";
import type { TreeFiles } from "../tree-files.ts";
import { BlobReader, type WithRepository } from "./blob-reader.ts";
import { GitTree, TREE_ROOT } from "./git-tree.ts";
import type { TreeEntry } from "./list-tree.ts";

/** A folder of a commit, listed and not yet read. */
export interface GitFolder {
  readonly revision: GitRevision;
  /** From the repository's top; "" for the top itself. */
  readonly path: string;
  /** One file of the folder is meant, and nothing else of it. */
  readonly file?: string;
  readonly entries: readonly TreeEntry[];
  /** In place of its own .llmstackignore. */
  readonly ignoreRules?: string;
}

/** The manifests of a folder of a commit, read by object ids: nothing is ever checked out. */
export async function gitSource(folder: GitFolder, within: WithRepository): Promise<Omit<GitSource, "close">> {
  const { revision, path, entries } = folder;
  const tree = await GitTree.of(
    entries.filter(({ isUnspeakable }) => !isUnspeakable),
    new BlobReader(within),
  );
  const seen = folder.ignoreRules === undefined ? tree : withIgnoreRules(tree, TREE_ROOT, folder.ignoreRules);
  const found =
    folder.file === undefined ? await manifestsBelow(path, TREE_ROOT, seen) : fileAlone(folder, folder.file);
  if (found.manifests.length > 0) await tree.prepare(found.manifests.map(({ real }) => real));
  const read = await readManifestFiles(found.manifests, tree);
  const obstacles = [...found.obstacles, ...read.obstacles, ...(await unspeakable(folder, seen))];
  // Names are told apart by commit: two revisions of one repository may be read in one run.
  const root = `git:${revision.url}//${path}@${revision.commit}`;
  return {
    revision,
    label: labelOf(revision, folder),
    files: read.files.map(({ path: shown, text, directory }) => ({ path: shown, text, root, directory })),
    unread: [...unreadProblems(obstacles), ...submodules(folder)],
    glob: (_, directory, pattern) => globInside(tree, { root: TREE_ROOT, directory, pattern }),
    open: (_, file) => openInside(tree, TREE_ROOT, file),
    prepare: async (files) => {
      const real = await Promise.all(
        files.map((file) => locateInside(tree, TREE_ROOT, file.path).catch(() => undefined)),
      );
      await tree.prepare(real.filter((each) => each !== undefined));
    },
  };
}

function fileAlone(
  { path }: GitFolder,
  file: string,
): { readonly manifests: readonly ManifestPath[]; readonly obstacles: readonly Obstacle[] } {
  const manifest = { shown: posix.join(path, file), real: `${TREE_ROOT}/${file}`, root: TREE_ROOT, directory: "" };
  return { manifests: [manifest], obstacles: [] };
}

function labelOf({ url, text, signers = [] }: GitRevision, { path, file }: GitFolder): string {
  const inside = [path, file ?? ""].filter((part) => part !== "").join("/");
  const signed = signers.map(({ signed: what, name, fingerprint }) => `, ${what} signed by ${name} ${fingerprint}`);
  return `${url}${inside === "" ? "" : `//${inside}`} at ${text}${signed.join("")}`;
}

/** Names that nobody can type could hide what a reviewer should see. */
async function unspeakable({ path, file, entries }: GitFolder, tree: TreeFiles): Promise<readonly Obstacle[]> {
  const names = entries.filter((entry) => entry.isUnspeakable && /\.(?:ya?ml|json)$/iu.test(entry.path));
  if (file !== undefined || names.length === 0) return [];
  const rulebook = await readRulebook(TREE_ROOT, tree);
  return names
    .filter((entry) => rulebook?.ignores(entry.path) !== true)
    .map((entry) => ({
      path: posix.join(path, JSON.stringify(entry.path).slice(1, -1)),
      message: "has a name with control characters, or one that is not UTF-8",
    }));
}

function submodules({ path, file, entries }: GitFolder): readonly Problem[] {
  return file !== undefined
    ? []
    : entries
        .filter(({ kind, isUnspeakable }) => kind === "submodule" && !isUnspeakable)
        .map((entry) => ({
          severity: "warning",
          code: "file/submodule",
          message: `${posix.join(path, entry.path)} is a submodule: it is never fetched, and manifests in it are not read`,
          path: posix.join(path, entry.path),
        }));
}
