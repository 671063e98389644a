import { SyncError } from "../model/errors.ts";
import type { Problem } from "../model/problem.ts";
import type { Plan } from "../model/plan.ts";
import { type Asked, decideBetween, readSoundDesired, type Values } from "../pipeline.ts";
import type { Invocation } from "./command-row.ts";
import { given } from "./given.ts";
import { type ManifestSource, namedPaths, openManifests, readValues } from "./manifest-input.ts";
import { out } from "./options/output.ts";
import { policyOf } from "./policy.ts";
import { loadSettings, type Settings } from "./settings.ts";
import { problemsText } from "./show-problems.ts";

/** A plan that no server had a part in, and what it was made from. */
export interface PlannedBetween {
  readonly plan: Plan;
  readonly asked: Asked;
  readonly paths: readonly string[];
}

/** What leads from the manifests of `base` to those that the command line names. Asks no server, and needs no secret. */
export async function planBetweenManifests(base: string, invocation: Invocation): Promise<PlannedBetween> {
  const { flags, io, progress } = invocation;
  if (flags.text(out) !== undefined) {
    throw new SyncError("usage", "--out saves a plan for apply, and --base makes one that is for no server", {
      remedy: "Leave out --base, or take -o json to keep what differs.",
    });
  }
  const settings = await loadSettings(invocation);
  const values = withoutSecrets(await readValues(settings, io, "warning"));
  progress.show("Reading both sets of manifests…");
  const [before, after] = await Promise.all([
    readSide([base], values, { invocation, settings }),
    readSide(namedPaths(invocation, settings), values, { invocation, settings }),
  ]);
  progress.clear();
  const plan = decideBetween({
    base: before.asked,
    baseName: before.name,
    head: after.asked,
    sourceName: after.name,
    ...given("revision", after.revision),
    ...given("tree", after.tree),
    policy: policyOf(settings, flags),
  });
  return { plan, asked: after.asked, paths: after.paths };
}

/** Whether a variable is set here says nothing of either side: each has its own name as its value. */
function withoutSecrets(values: Values): Values {
  return { ...values, env: (name) => name };
}

interface Side extends Omit<ManifestSource, "source"> {
  readonly name: string;
  readonly asked: Asked;
}

async function readSide(
  paths: readonly string[],
  values: Values,
  { invocation, settings }: { readonly invocation: Invocation; readonly settings: Settings },
): Promise<Side> {
  const { io, level } = invocation;
  const { source, ...from } = await openManifests(paths, { settings, invocation, wrongPath: "usage" });
  const asked = await readSoundDesired(source, values);
  const warnings = asked.problems.filter((problem) => problem.severity === "warning" && !isMissingSecret(problem));
  if (warnings.length > 0 && level !== "quiet") {
    io.stderr.write(problemsText({ problems: warnings, files: source.files }, io.stderr));
  }
  return { name: source.label, asked, ...from };
}

/** Secrets are compared by where they come from. */
function isMissingSecret({ code }: Problem): boolean {
  return code === "directive/unresolved";
}
