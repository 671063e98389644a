import { resolve } from "node:path";
import { SyncError } from "../../model/errors.ts";
import type { Source, SourceFile } from "../../model/source.ts";
import { checkLocal } from "./check-local.ts";
import { type KustomizeLimits, runKustomize } from "./run-kustomize.ts";

interface KustomizeOptions {
  readonly cwd: string;
  /** Where programs are looked for, as PATH has it. */
  readonly path: string;
  readonly signal: AbortSignal;
  readonly limits?: KustomizeLimits;
}

const LIMITS: KustomizeLimits = { timeoutMs: 60_000, bytes: 128 * 1024 * 1024 };

/**
 * The manifests that a kustomization builds. Nothing is fetched for it, and there are no files beside what it builds:
 * what a manifest takes from one has to come in through a generator. Throws SyncError.
 */
export async function openKustomize(folder: string, options: KustomizeOptions): Promise<Source> {
  const { cwd, path, signal, limits = LIMITS } = options;
  const absolute = resolve(cwd, folder);
  await checkLocal(absolute, folder);
  const output = await runKustomize(absolute, { path, limits, signal });
  const name = `kustomize output of ${folder}`;
  return {
    label: `kustomization ${folder}`,
    files: documentsOf(output, name),
    unread: [],
    glob: (_, __, pattern) => Promise.reject(nothingBeside(name, pattern)),
    open: (_, file) => Promise.reject(nothingBeside(name, file)),
  };
}

/** Each document as a file of its own, so that a line number means something. */
function documentsOf(output: string, name: string): readonly SourceFile[] {
  return output
    .split(/^---\n/mu)
    .filter((text) => text.trim() !== "")
    .map((text, index) => ({ path: `${name}, document ${index + 1}`, text, root: name, directory: "" }));
}

function nothingBeside(name: string, path: string): SyncError {
  return new SyncError(
    "invalid_manifest",
    `${path} cannot be read: there are no files beside the ${name}. Let a configMapGenerator take it in, and use $configMap or entriesFrom.configMap`,
  );
}
