import { SyncError } from "../../model/errors.ts";
import { storeFailure } from "./failure.ts";
import { fetchBlobs, type Repository } from "./fetch.ts";

/** Sizes of blobs by id; those that the store lacks are fetched first, all in one conversation. */
export async function sizesOfBlobs(
  repository: Repository,
  ids: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const first = await knownSizes(repository, ids);
  const missing = ids.filter((id) => !first.has(id));
  if (missing.length === 0) return first;
  await fetchBlobs(repository, missing);
  const second = await knownSizes(repository, missing);
  const still = missing.filter((id) => !second.has(id));
  if (still.length === 0) return new Map([...first, ...second]);
  throw new SyncError("incomplete_read", `${repository.url} did not send ${still.length} of ${ids.length} files`, {
    isRetryable: true,
  });
}

/** The bytes of those of the blobs that the store has, by id. */
export async function readBlobs(
  { git, directory, url }: Repository,
  sizes: ReadonlyMap<string, number>,
): Promise<ReadonlyMap<string, Buffer>> {
  const expected = [...sizes.values()].reduce((sum, size) => sum + size + 128, 0);
  const answer = await git.run([`--git-dir=${directory}`, "cat-file", "--batch", "--buffer"], {
    input: lines([...sizes.keys()]),
    mostOutput: expected,
  });
  if (answer.code !== 0) throw storeFailure(`Could not read files of ${url}`, answer);
  return splitBatch(answer.stdout, sizes);
}

/** `<id> blob <size>`, a line end, the bytes, a line end; or `<id> missing` and a line end. */
function splitBatch(output: Buffer, sizes: ReadonlyMap<string, number>): ReadonlyMap<string, Buffer> {
  const blobs = new Map<string, Buffer>();
  for (let start = 0; start < output.length;) {
    const end = output.indexOf(0x0a, start);
    const [id = "", type, size = ""] = output.subarray(start, end).toString("latin1").split(" ");
    const from = end + 1;
    start = from;
    if (type === "missing") continue;
    if (end === -1 || Number(size) !== sizes.get(id)) {
      throw new SyncError("internal", "git cat-file answered in a form that is not known");
    }
    blobs.set(id, output.subarray(from, from + Number(size)));
    start = from + Number(size) + 1;
  }
  return blobs;
}

async function knownSizes(
  { git, directory, url }: Repository,
  ids: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const answer = await git.run([`--git-dir=${directory}`, "cat-file", "--batch-check", "--buffer"], {
    input: lines(ids),
  });
  if (answer.code !== 0) throw storeFailure(`Could not look up files of ${url}`, answer);
  const sizes = answer.stdout
    .toString("latin1")
    .split("\n")
    .map((line) => /^([0-9a-f]+) blob (\d+)$/u.exec(line))
    .map((match) => [match?.[1] ?? "", Number(match?.[2] ?? 0)] as const);
  return new Map(sizes.filter(([id]) => id !== ""));
}

function lines(ids: readonly string[]): string {
  return ids.map((id) => `${id}\n`).join("");
}
