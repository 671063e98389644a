import { dirname, resolve } from "node:path";
import { watch } from "chokidar";
import fastGlob from "fast-glob";
import { stat } from "node:fs/promises";
import { SyncError } from "../../model/errors.ts";
import { splitGlob } from "../../source/split-glob.ts";

/** What changed on disk since it was asked last. */
export interface Changes {
  /**
   * The paths of the next changes, once nothing has changed for a moment; empty when `afterMs` have passed without any,
   * undefined when `stop` is aborted.
   */
  next(options: { readonly stop: AbortSignal; readonly afterMs?: number }): Promise<readonly string[] | undefined>;
  close(): Promise<void>;
}

/** Editors and git write in bursts: a run starts when they are done. */
const QUIET_MS = 300;

const NEVER = /(?:^|[/\\])(?:\.git|node_modules)(?:[/\\]|$)/u;

/** Watches files, folders and what globs may match, in `cwd`. `except` are files that a run itself writes. */
export async function watchPaths(
  paths: readonly string[],
  { cwd, except }: { readonly cwd: string; readonly except: readonly string[] },
): Promise<Changes> {
  const folders = [...new Set(await Promise.all(paths.map((path) => folderOf(path, cwd))))];
  const watcher = watch(folders, {
    ignoreInitial: true,
    ignored: (path) => NEVER.test(path) || except.some((own) => path.startsWith(own)),
  });
  const changed = new Set<string>();
  let onChange = (): void => undefined;
  let failure: unknown;
  watcher.on("all", (_event, path) => {
    changed.add(path);
    onChange();
  });
  watcher.on("error", (error) => {
    failure = error;
    onChange();
  });
  await new Promise<void>((ready) => {
    watcher.on("ready", ready);
  });
  return {
    next: async ({ stop, afterMs }) => {
      const { promise, resolve: settle } = Promise.withResolvers<undefined>();
      const onStop = (): void => settle(undefined);
      let timer = afterMs === undefined ? undefined : setTimeout(onStop, afterMs);
      onChange = () => {
        clearTimeout(timer);
        timer = setTimeout(onStop, QUIET_MS);
      };
      stop.addEventListener("abort", onStop);
      if (changed.size > 0) onChange();
      if (stop.aborted) onStop();
      await promise;
      clearTimeout(timer);
      stop.removeEventListener("abort", onStop);
      onChange = () => undefined;
      if (stop.aborted) return undefined;
      if (failure !== undefined) throw cannotWatch(failure);
      const found = [...changed].toSorted();
      changed.clear();
      return found;
    },
    close: () => watcher.close(),
  };
}

/** A manifest's own folder is watched with it: prompts and other files that it names are there. */
async function folderOf(path: string, cwd: string): Promise<string> {
  if (path === "-") {
    throw new SyncError("usage", "watch cannot follow standard input", { remedy: "Name files or folders." });
  }
  const absolute = resolve(cwd, path);
  const found = await stat(absolute).catch(() => undefined);
  if (found !== undefined) return found.isDirectory() ? absolute : dirname(absolute);
  if (!fastGlob.isDynamicPattern(path)) {
    throw new SyncError("usage", `${path} does not exist`, {
      remedy: "Check the path: it is relative to where you stand.",
    });
  }
  return resolve(cwd, splitGlob(path).base);
}

function cannotWatch(error: unknown): SyncError {
  const why = error instanceof Error ? error.message : String(error);
  return new SyncError("usage", `cannot watch the manifests: ${why}`, {
    cause: error,
    remedy: "On Linux a folder with very many files needs a larger fs.inotify.max_user_watches.",
  });
}
