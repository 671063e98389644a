import { isUtf8 } from "node:buffer";
import { SyncError } from "../../model/errors.ts";
import { storeFailure } from "./failure.ts";
import { type Repository, tooMuch } from "./fetch.ts";

/** Something in a tree, by its path from there. Folders are in the paths. */
export interface TreeEntry {
  readonly kind: "file" | "link" | "submodule";
  readonly id: string;
  readonly path: string;
  /** Its name is not UTF-8, or has control characters: nobody can name it. */
  readonly isUnspeakable: boolean;
}

const DEEPEST = 64;
const KINDS: Readonly<Record<string, TreeEntry["kind"]>> = { "120000": "link", "160000": "submodule" };

/** Everything below a tree. Throws SyncError of class refused beyond the limits, before all of it is listed. */
export async function listTree(repository: Repository, tree: string): Promise<readonly TreeEntry[]> {
  const { git, directory, limits, url } = repository;
  const entries: TreeEntry[] = [];
  let rest: Buffer = Buffer.alloc(0);
  const onOutput = (piece: Buffer): void => {
    const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    let start = 0;
    for (let end = bytes.indexOf(0); end !== -1; end = bytes.indexOf(0, start)) {
      entries.push(parseEntry(bytes.subarray(start, end)));
      if (entries.length > limits.files) throw tooMuch(`The folder in ${url} has more than ${limits.files} files`);
      if ((entries.at(-1)?.path.split("/").length ?? 0) > DEEPEST)
        throw tooMuch(`The folder in ${url} is deeper than ${DEEPEST} folders`);
      start = end + 1;
    }
    rest = bytes.subarray(start);
    // A name is at most 4,096 bytes where files are read from; one that never ends would fill the memory.
    if (rest.length > 1024 * 1024) throw tooMuch(`A name in ${url} is longer than 1 MiB`);
  };
  const answer = await git.run([`--git-dir=${directory}`, "ls-tree", "-r", "-z", "--full-tree", tree], { onOutput });
  if (answer.code !== 0) throw storeFailure(`Could not list tree ${tree} of ${url}`, answer);
  return entries;
}

/** What stands at a path of a commit: `tree`, `blob`, `commit` (a submodule) or `link`. Undefined: nothing. */
export async function findInCommit(
  { git, directory, url }: Repository,
  commit: string,
  path: string,
): Promise<{ readonly type: string; readonly id: string } | undefined> {
  const answer = await git.run([`--git-dir=${directory}`, "ls-tree", "-z", "--full-tree", commit, "--", path]);
  if (answer.code !== 0) throw storeFailure(`Could not look up ${path} in ${commit} of ${url}`, answer);
  const [, mode, type, id] = /^(\d+) (\w+) ([0-9a-f]+)\t/u.exec(answer.stdout.toString("latin1")) ?? [];
  if (type === undefined || id === undefined) return undefined;
  return { type: mode === "120000" ? "link" : type, id };
}

function parseEntry(record: Buffer): TreeEntry {
  const tab = record.indexOf(0x09);
  const [mode = "", , id] = record.subarray(0, tab).toString("latin1").split(" ");
  if (tab === -1 || id === undefined)
    throw new SyncError("internal", "git ls-tree answered in a form that is not known");
  const name = record.subarray(tab + 1);
  const path = name.toString("utf8");
  // oxlint-disable-next-line no-control-regex -- These are the characters it is about.
  const isUnspeakable = !isUtf8(name) || /[\u0000-\u001f\u007f-\u009f]/u.test(path) || path.split("/").includes("..");
  return { kind: KINDS[mode] ?? "file", id, path, isUnspeakable };
}
