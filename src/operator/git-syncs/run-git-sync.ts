import { randomUUID } from "node:crypto";
import { apply } from "../../apply/apply.ts";
import { kinds } from "../../kinds/index.ts";
import { readManifests } from "../../manifest/read-manifests.ts";
import type { InvalidManifests } from "../../model/invalid-manifests.ts";
import type { Report } from "../../model/outcome.ts";
import { isEmptyPlan, type Plan, type Policy } from "../../model/plan.ts";
import type { GitSource } from "../../model/git-revision.ts";
import type { Source } from "../../model/source.ts";
import { type Asked, decide, readSoundDesired, type Values } from "../../pipeline.ts";
import type { PlanInput } from "../../plan/context.ts";
import { classifyDrift } from "../../plan/drift.ts";
import { makePlan } from "../../plan/make-plan.ts";
import { restrictPlan } from "../../plan/restrict.ts";
import type { Kube } from "../../kube/kube.ts";
import type { GitAddress } from "../../source/git/address.ts";
import { openGit } from "../../source/git/open-git.ts";
import type { GitSetup } from "../../source/git/setup.ts";
import { fileOf } from "../resources/cluster-source.ts";
import { readValues } from "../resources/read-values.ts";
import { usesOf } from "../resources/uses.ts";
import type { ServerConnection } from "../servers/server-connection.ts";
import type { GitSyncSpec } from "./git-sync-spec.ts";

interface RunSetup {
  readonly kube: Pick<Kube, "get">;
  readonly namespace: string;
  readonly name: string;
  readonly spec: GitSyncSpec;
  readonly set: string;
  readonly git: GitSetup;
  readonly connection: ServerConnection;
  /** What may be carried out: everything, or the one plan of this digest. */
  readonly approved: "everything" | { readonly digest: string | undefined };
}

/** What a run of one revision came to. */
export interface GitSyncRun {
  readonly plan: Plan;
  /** Where live objects were changed by hand, as `App/bot/config`. */
  readonly drifted: readonly string[];
  /** Absent where the plan waits for somebody's word, or a rule refuses it. */
  readonly report?: Report;
}

const ENTRY_TIMEOUT_MS = 300_000;

/** Reads a revision, plans it, and carries out what may be. Throws SyncError; InvalidManifests for a bad revision. */
export async function runGitSync(address: GitAddress, setup: RunSetup, signal: AbortSignal): Promise<GitSyncRun> {
  const { git, connection } = setup;
  const source = await openGit(address, git, signal);
  try {
    const asked = await readAsked(source, setup, signal);
    const planned = await planRevision(source, asked, setup, signal);
    const { plan } = planned;
    if (plan.refusals.length > 0 || !isApproved(plan, setup)) return planned;
    const report = await apply(plan, {
      client: connection.lists.writer,
      kinds,
      signal,
      parallelism: connection.spec.parallelism,
      entryTimeoutMs: ENTRY_TIMEOUT_MS,
      now: () => new Date(),
      nonce: () => randomUUID(),
      onEvent: () => undefined,
    });
    return { ...planned, report };
  } finally {
    await source.close?.();
  }
}

function isApproved(plan: Plan, { approved }: RunSetup): boolean {
  return approved === "everything" || isEmptyPlan(plan) || approved.digest === plan.digest;
}

/** The manifests with what they take from Secrets and ConfigMaps of the namespace; of the operator's own nothing. */
async function readAsked(source: GitSource, setup: RunSetup, signal: AbortSignal): Promise<Asked> {
  const { kube, namespace, spec } = setup;
  const { manifests, values } = readManifests(source.files, source.unread, spec.patches);
  const inRepository = new Set(values.map(({ kind, name }) => `${kind}/${name}`));
  const used = manifests
    .flatMap(({ body }) => usesOf({ apiVersion: "", kind: "", metadata: NOBODY, ...body }).values)
    .filter(({ kind, name }) => !inRepository.has(`${kind}/${name}`));
  const { documents } = await readValues(kube, namespace, used, signal);
  const whole: Source = { ...source, files: [...source.files, ...documents.map((document) => fileOf(document))] };
  return readSoundDesired(whole, { ...NO_ENVIRONMENT, patches: spec.patches });
}

const NOBODY = { name: "", uid: "", resourceVersion: "" };
const NO_ENVIRONMENT: Values = { env: () => undefined, missingSecrets: "error" };

async function planRevision(
  { label, revision }: GitSource,
  asked: Asked,
  { namespace, name, spec, set, connection }: RunSetup,
  signal: AbortSignal,
): Promise<GitSyncRun> {
  let drifted: readonly string[] = [];
  const { plan } = await decide(
    {
      readDesired: async () => asked,
      connect: async () => ({ client: connection.lists.view("new").client, serverName: connection.binding.url }),
      policy: policyOf(spec, set),
      makePlan: (input) => {
        const left = withoutDrift(input, spec);
        drifted = left.drifted;
        return left.plan;
      },
      sourceName: `GitSync ${namespace}/${name}, ${label}`,
      revision: revision.text,
      tree: revision.tree,
      parallelism: connection.spec.parallelism,
      versionReads: "where-needed",
    },
    signal,
  );
  return { plan, drifted };
}

function policyOf({ prune, maxDeletes }: GitSyncSpec, set: string): Policy {
  return {
    set,
    isSetImplicit: false,
    prune,
    adopt: false,
    allowReplace: false,
    allowEmpty: false,
    discardDrafts: false,
    ...(maxDeletes !== undefined && { maxDeletes }),
    only: [],
  };
}

/** The plan as far as `drift` lets it go: what differs by somebody's hand alone stays, where it is to stay. */
function withoutDrift(input: PlanInput, { drift }: GitSyncSpec): Pick<GitSyncRun, "plan" | "drifted"> {
  const plan = makePlan(input);
  const byHand = classifyDrift(plan, input.kinds).changes.filter((one) => one.class === "drift");
  if (drift === "correct" || byHand.length === 0) return { plan, drifted: [] };
  const stays = new Set(byHand.map(({ change }) => change.id));
  const reviewed = { changes: plan.changes.filter(({ id }) => !stays.has(id)), unsavable: new Set<never>() };
  const { plan: rest } = restrictPlan(plan, reviewed);
  const places = byHand.flatMap(({ change }) => change.fields.map(({ pointer }) => `${change.key}${pointer}`));
  return { plan: rest, drifted: drift === "warn" ? places : [] };
}

/** The first problems of a revision, with their places: what a person needs to find them. */
export function problemsIn(error: InvalidManifests): string {
  const shown = error.problems.filter(({ severity }) => severity === "error").slice(0, 5);
  return shown.map(({ path, range, message }) => `${path}:${range?.line ?? 1}: ${message}`).join("; ");
}
