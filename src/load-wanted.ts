import pLimit from "p-limit";
import { type Loaded, type LoadedFiles, type WantedFile, wantedKey } from "./manifest/loaded-files.ts";
import { SyncError } from "./model/errors.ts";
import type { FileBody } from "./model/resource.ts";
import type { Source } from "./model/source.ts";
import { loadBody, loadText } from "./source/load-file.ts";

/** More at once gains nothing: Node.js reads files on four threads. */
const READS_AT_ONCE = 16;

/** Every file that manifests ask for, or in words why it cannot be had. */
export async function loadWanted(source: Source, wanted: readonly WantedFile[]): Promise<LoadedFiles> {
  if (source.prepare !== undefined) await source.prepare(await placesOf(source, wanted));
  const limit = pLimit(READS_AT_ONCE);
  return new Map(await limit.map(wanted, async (file) => [wantedKey(file), await load(source, file)] as const));
}

/** Where the files are, globs resolved; what is wrong with one is told when it is loaded. */
async function placesOf(
  source: Source,
  wanted: readonly WantedFile[],
): Promise<Parameters<NonNullable<Source["prepare"]>>[0]> {
  const places = await Promise.all(
    wanted.map(async (file) => {
      const { root } = file;
      if ("path" in file) return [{ root, path: file.path }];
      const paths = await source.glob(root, file.directory, file.glob).catch(() => []);
      return paths.map((path) => ({ root, path }));
    }),
  );
  return places.flat();
}

/** The content of every file that is loaded as bytes, by sha256. */
export async function readBodies(files: LoadedFiles): Promise<ReadonlyMap<string, Uint8Array>> {
  const loaded = [...files.values()].flatMap((each) => ("files" in each ? each.files : []));
  const bodies = loaded.flatMap((file) => ("body" in file ? [file.body] : []));
  const limit = pLimit(READS_AT_ONCE);
  return new Map(await limit.map(bodies, async (body) => [body.sha256, await readAll(body)] as const));
}

async function readAll(body: FileBody): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of body.read()) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** What cannot be read is told with the place that asked for it, beside everything else that is wrong. */
async function load(source: Source, wanted: WantedFile): Promise<Loaded> {
  const { root, as } = wanted;
  try {
    const paths = "path" in wanted ? [wanted.path] : await source.glob(root, wanted.directory, wanted.glob);
    const loadOne = async (path: string) =>
      as === "text"
        ? { path, text: await loadText(source, root, path) }
        : { path, body: await loadBody(source, root, path) };
    return { files: await Promise.all(paths.map(loadOne)) };
  } catch (error) {
    if (error instanceof SyncError) return { failure: error.message };
    throw error;
  }
}
