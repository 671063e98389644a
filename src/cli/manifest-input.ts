import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { SyncError } from "../model/errors.ts";
import type { GitRevision, GitSource } from "../model/git-revision.ts";
import type { Source } from "../model/source.ts";
import type { Values } from "../pipeline.ts";
import { combineSources } from "../source/combine-sources.ts";
import { openDirectory } from "../source/directory.ts";
import { formatGitAddress, type GitAddress, parseGitAddress } from "../source/git/address.ts";
import { openKustomize } from "../source/kustomize/open-kustomize.ts";
import { openGit } from "../source/git/open-git.ts";
import type { GitSetup } from "../source/git/setup.ts";
import type { Invocation } from "./command-row.ts";
import { gitSetupOf } from "./git-setup.ts";
import { given } from "./given.ts";
import type { Io } from "./io.ts";
import { file, kustomize, secretsDir } from "./options/changes.ts";
import type { Settings } from "./settings.ts";

/** What paths and addresses led to. */
export interface OpenedPaths {
  readonly source: Source;
  /** One for each address in Git, in their order. */
  readonly revisions: readonly GitRevision[];
  /** The same again, addresses in Git at the commit that was read: what a saved plan names. */
  readonly paths: readonly string[];
}

interface OpenOptions {
  readonly settings: Settings;
  readonly invocation: Pick<Invocation, "args" | "flags" | "io" | "log">;
  /** What a path that leads to nothing is. */
  readonly wrongPath: "usage" | "refused";
  /** Absent: a person. */
  readonly gitUser?: GitSetup["user"];
}

/** The manifests that paths and Git addresses lead to, from where the person stands. Throws SyncError. */
export async function openPaths(paths: readonly string[], options: OpenOptions): Promise<OpenedPaths> {
  const { settings, invocation, wrongPath, gitUser = "person" } = options;
  const { io } = invocation;
  const parsed = paths.map((path) => ({ path, address: parseGitAddress(path) }));
  const addresses = parsed.flatMap(({ address }) => (address === undefined ? [] : [address]));
  const others = parsed.filter(({ address }) => address === undefined).map(({ path }) => path);
  const isTyped = invocation.args.length + invocation.flags.list(file).length > 0;
  const opened =
    addresses.length === 0
      ? []
      : await openAddresses(
          addresses,
          { ...(await gitSetupOf(addresses, isTyped ? "typed" : "project file", settings, invocation)), user: gitUser },
          io,
        );
  const directory =
    others.length === 0 && opened.length > 0
      ? []
      : [await openDirectory(others, { cwd: io.cwd, readStdin: () => io.readStdin() }).catch(asClass(wrongPath))];
  return {
    source: combineSources([...directory, ...opened]),
    revisions: opened.map(({ revision }) => revision),
    paths: [...others, ...opened.map(({ revision }, index) => pinned(addresses[index], revision))],
  };
}

/** Manifests, and what a plan and its file say of where they are from. */
export interface ManifestSource {
  readonly source: Source;
  readonly paths: readonly string[];
  /** Where they are from Git. */
  readonly revision?: string;
  readonly tree?: string;
}

/** As `openPaths`, with all revisions as one. With -k each path is a kustomization, which no saved plan can read again. */
export async function openManifests(paths: readonly string[], options: OpenOptions): Promise<ManifestSource> {
  const { flags, io } = options.invocation;
  if (flags.get(kustomize) !== undefined) {
    const built = paths.map((path) =>
      openKustomize(path, { cwd: io.cwd, path: io.env["PATH"] ?? "", signal: io.stop }),
    );
    return { source: combineSources(await Promise.all(built)), paths: [] };
  }
  const { revisions, ...opened } = await openPaths(paths, options);
  if (revisions.length === 0) return opened;
  return {
    ...opened,
    revision: revisions.map(({ text }) => text).join("+"),
    tree: revisions.map(({ tree }) => tree).join("+"),
  };
}

async function openAddresses(addresses: readonly GitAddress[], setup: GitSetup, io: Io): Promise<readonly GitSource[]> {
  // Two addresses of one repository share a store, and each waits for it.
  return Promise.all(addresses.map((address) => openGit(address, setup, io.stop)));
}

function pinned(address: GitAddress | undefined, { url, commit }: GitRevision): string {
  return formatGitAddress({ url, path: address?.path ?? "", commit });
}

/** A wrong folder must not read as "nothing is desired": the same code as for an empty one (design, "Safety" 2). */
function asClass(failure: OpenOptions["wrongPath"]): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof SyncError) || error.class !== "usage") throw error;
    throw new SyncError(failure, error.message, { cause: error, ...given("remedy", error.remedy) });
  };
}

/** What the command line names, else the project file. Throws SyncError of class usage where nobody names a path. */
export function namedPaths({ args, flags, row }: Invocation, settings: Settings): readonly string[] {
  const named = [...args, ...flags.list(file)];
  const folder = flags.get(kustomize);
  if (folder !== undefined && named.length === 0) return [folder];
  if (folder !== undefined) {
    throw new SyncError("usage", "-k names the manifests, so there can be no other paths", {
      remedy: "Leave out -k or the paths, or list the paths as resources of the kustomization.",
    });
  }
  const paths = named.length > 0 ? named : settings.paths;
  if (paths.length > 0) return paths;
  throw new SyncError("usage", "no manifests named", {
    remedy: `llmstack-sync ${row.name} PATH… (files, folders or globs; - is stdin), or paths: in llmstack-sync.yaml`,
  });
}

const TOKENS = new Set(["LLMSTACK_TOKEN", "LLMSTACK_GIT_TOKEN"]);

/** What directives may take from this process. */
export async function readValues(
  settings: Settings,
  io: Io,
  missingSecrets: Values["missingSecrets"],
): Promise<Values> {
  const folder = settings.path(secretsDir);
  return {
    // A manifest could otherwise put a token itself into a prompt.
    env: (name) => (TOKENS.has(name) ? undefined : io.env[name]),
    secretFiles: folder === undefined ? new Map() : await readSecretFiles(folder),
    missingSecrets,
    patches: settings.patches,
  };
}

/** `<name>/<key>` files, as Kubernetes mounts them: links allowed, hidden ones (`..data`) left out. */
async function readSecretFiles(folder: string): Promise<ReadonlyMap<string, string>> {
  try {
    const names = await visible(folder);
    const files = await Promise.all(
      names.map(async (name) => (await visible(join(folder, name))).map((key) => `${name}/${key}`)),
    );
    return new Map(
      await Promise.all(files.flat().map(async (path) => [path, await readFile(join(folder, path), "utf8")] as const)),
    );
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new SyncError("usage", `--secrets-dir: ${why}`, {
      cause: error,
      remedy: "It takes a folder of folders: DIR/<name>/<key>, one file a value.",
    });
  }
}

async function visible(folder: string): Promise<readonly string[]> {
  return (await readdir(folder)).filter((name) => !name.startsWith(".")).toSorted();
}
