import { join } from "node:path";
import type { Invocation } from "../cli/command-row.ts";
import * as changes from "../cli/options/changes.ts";
import * as options from "../cli/options/ci.ts";
import * as server from "../cli/options/server.ts";
import { policyOf } from "../cli/policy.ts";
import { loadSettings, type Settings } from "../cli/settings.ts";
import { parseProjectFile, type SettingsFile } from "../cli/settings-files.ts";
import { SyncError } from "../model/errors.ts";
import type { Policy } from "../model/plan.ts";
import type { CiSituation } from "./situation.ts";
import type { Revisions } from "./revisions.ts";

/** What counts in this run, whatever the pull request says. */
export interface BasePolicy {
  readonly settings: Settings;
  readonly policy: Policy;
  /** The folder of the manifests, from the repository's top. */
  readonly folder: string;
}

/** Reads the project file of the base revision, and nothing from the disk: there may be a pull request's checkout. */
export async function readBasePolicy(
  { event, branch }: CiSituation,
  revisions: Revisions,
  invocation: Invocation,
): Promise<BasePolicy> {
  const base = await baseCommit(event, branch, revisions);
  const { flags, io } = invocation;
  const named = flags.get(options.config);
  const path = named ?? options.config.defaultText ?? "";
  const text = await revisions.text(base, path);
  if (text === undefined && named !== undefined) {
    throw new SyncError("usage", `--config: ${path} does not exist in ${base}`);
  }
  const project = text === undefined ? "none" : await parseProjectFile(join(io.cwd, path), text, io);
  if (project !== "none") requireNoFiles(project);
  const settings = await loadSettings({ ...invocation, project });
  return { settings, policy: policyOf(settings, flags), folder: folderOf(invocation, settings) };
}

async function baseCommit(
  event: CiSituation["event"],
  branch: string | undefined,
  revisions: Revisions,
): Promise<string> {
  if ("pull" in event) return revisions.tip(event.pull.base.branch);
  if (event.kind === "merge-group") return event.base;
  if (event.kind === "push" && event.branch === branch) return event.commit;
  if (branch !== undefined) return revisions.tip(branch);
  if ("commit" in event && event.commit !== undefined) return event.commit;
  throw new SyncError("usage", "the event names no branch", {
    remedy: "Name the branch that is applied: --branch NAME.",
  });
}

/** Paths in it would lead into whatever is checked out here. */
function requireNoFiles({ path, common, contexts }: SettingsFile): void {
  for (const flag of [server.caFile, changes.secretsDir]) {
    const key = flag.fileKey ?? "";
    if ([common, ...contexts.values()].every(({ values }) => values[key] === undefined)) continue;
    throw new SyncError(
      "refused",
      `${path} names a ${key}, and a CI run reads no files of the repository from the disk`,
      {
        remedy: "Pass it to the job itself, as a flag or in the environment.",
      },
    );
  }
}

function folderOf({ flags }: Invocation, { paths }: Settings): string {
  const [only, ...others] =
    flags.get(options.manifestPath) === undefined ? paths : [flags.get(options.manifestPath) ?? ""];
  if (only === undefined || others.length > 0) {
    throw new SyncError(
      "usage",
      only === undefined ? "no folder of manifests is named" : "the project file names several paths",
      {
        remedy: "Name the folder in the repository: --path FOLDER (. is its top).",
      },
    );
  }
  const folder = only
    .split("/")
    .filter((part) => part !== "" && part !== ".")
    .join("/");
  if (!folder.split("/").includes("..")) return folder;
  throw new SyncError("refused", `${only} leads out of the repository`);
}
