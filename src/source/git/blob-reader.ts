import { setImmediate } from "node:timers/promises";
import { readBlobs, sizesOfBlobs } from "./blobs.ts";
import { ensureRepository, type Repository, tooMuch } from "./fetch.ts";

/** Runs work on the repository that blobs come from. */
export type WithRepository = <T>(work: (repository: Repository) => Promise<T>) => Promise<T>;

/** Contents by object id, fetched in batches and kept: a store may be gone by the time a file is uploaded. */
export class BlobReader {
  readonly #within: WithRepository;
  readonly #sizes = new Map<string, number>();
  readonly #bytes = new Map<string, Buffer>();
  readonly #wanted = new Set<string>();
  #batch: Promise<void> | undefined;
  #total = 0;

  constructor(within: WithRepository) {
    this.#within = within;
  }

  /** Contents of at most `most` bytes each; larger ones are left out. Throws SyncError beyond the limit of all together. */
  async read(ids: readonly string[], most: number): Promise<ReadonlyMap<string, Buffer>> {
    await this.#sizeUp(ids);
    const wanted = [...new Set(ids)].filter((id) => (this.#sizes.get(id) ?? 0) <= most);
    const missing = wanted.filter((id) => !this.#bytes.has(id));
    if (missing.length > 0) await this.#load(missing);
    return new Map(wanted.flatMap((id) => [[id, this.#bytes.get(id) ?? Buffer.alloc(0)] as const]));
  }

  async sizeOf(id: string): Promise<number> {
    await this.#sizeUp([id]);
    return this.#sizes.get(id) ?? 0;
  }

  /** Those who ask at the same time share one conversation with the remote. */
  async #sizeUp(ids: readonly string[]): Promise<void> {
    while (ids.some((id) => !this.#sizes.has(id))) {
      for (const id of ids) if (!this.#sizes.has(id)) this.#wanted.add(id);
      this.#batch ??= this.#sizeUpWanted().finally(() => {
        this.#batch = undefined;
      });
      await this.#batch;
    }
  }

  async #sizeUpWanted(): Promise<void> {
    await setImmediate();
    const ids = [...this.#wanted];
    this.#wanted.clear();
    const sizes = await this.#within((repository) => sizesIn(repository, ids));
    for (const [id, size] of sizes) this.#sizes.set(id, size);
  }

  async #load(ids: readonly string[]): Promise<void> {
    const sizes = new Map(ids.map((id) => [id, this.#sizes.get(id) ?? 0] as const));
    this.#total += [...sizes.values()].reduce((sum, size) => sum + size, 0);
    const blobs = await this.#within(async (repository) => {
      if (this.#total > repository.limits.bytes) {
        throw tooMuch(`The files wanted of ${repository.url} are more than ${repository.limits.bytes} bytes`);
      }
      await ensureRepository(repository, ids[0] ?? "");
      const first = await readBlobs(repository, sizes);
      if (first.size === sizes.size) return first;
      // Somebody has cleared the store meanwhile.
      await sizesIn(repository, ids);
      return readBlobs(repository, sizes);
    });
    for (const [id, bytes] of blobs) this.#bytes.set(id, bytes);
  }
}

async function sizesIn(repository: Repository, ids: readonly string[]): Promise<ReadonlyMap<string, number>> {
  await ensureRepository(repository, ids[0] ?? "");
  return sizesOfBlobs(repository, ids);
}
