import { kinds } from "../../kinds/index.ts";
import type { Outcome } from "../../model/outcome.ts";
import type { Change } from "../../model/plan.ts";
import type { Pointer } from "../../model/pointer.ts";
import type { ResourceKey } from "../../model/resource.ts";
import { specOf } from "../cluster.ts";
import { doneIn } from "../status/change-events.ts";
import { factsOf } from "../status/reasons.ts";
import { verdictOf } from "../status/verdict.ts";
import type { Decided } from "./decide-batch.ts";
import { desiredDigest, pathsOf } from "./plan-batch.ts";
import type { ReadBatch } from "./read-batch.ts";
import type { Fight } from "./flapping.ts";
import { settingsOf } from "./settings.ts";
import type { SyncGroup } from "./sync-group.ts";
import { isOfServer, type SyncOutcome } from "./sync-outcome.ts";
import type { SyncItem } from "./world.ts";

interface About extends Pick<Decided, "batch" | "decision"> {
  readonly read: ReadBatch;
  readonly group: SyncGroup;
}

/** What a run came to for one resource, of everything that was done and left for it. */
export function syncOutcomeOf(key: ResourceKey, outcomes: readonly Outcome[], about: About): SyncOutcome {
  const { batch, decision, read } = about;
  const refs = read.refsOf(key);
  const contested = batch.contested.get(key);
  if (contested !== undefined) {
    return { verdict: { reason: "OwnershipConflict", message: contested }, refs, done: [], isOfServer: false };
  }
  const resource = decision.asked.desired.get(key);
  const digest = resource === undefined ? {} : { digest: desiredDigest(resource, kinds) };
  const fight = batch.fights.get(key);
  if (fight !== undefined) return { ...foughtOver(fight), refs, done: [], isOfServer: false };
  const drifted = batch.drifted.get(key);
  if (drifted === undefined || !batch.left.has(key)) {
    return { ...carriedOut(key, outcomes, about), ...digest, refs };
  }
  const item = read.fit.get(key);
  const uuid = item?.facts.uuid ?? liveUuidIn(drifted);
  return { ...leftDrift(item, drifted), ...digest, ...uuidOf(uuid), refs, done: [], isOfServer: false };
}

function carriedOut(
  key: ResourceKey,
  outcomes: readonly Outcome[],
  { batch, group }: About,
): Omit<SyncOutcome, "refs" | "digest"> {
  const own = outcomes.find(
    ({ change }) =>
      change.subject === "resource" && change.op !== "prune" && change.key === key && isOfManifest(change),
  );
  const { url } = group.connection.binding;
  return {
    verdict: verdictOf(outcomes, `On ${url} as ${own?.uuid ?? "an object without a name"}.`),
    ...uuidOf(own?.uuid),
    ...(isMade(own) && { isCreated: true as const }),
    ...foundAt(own),
    done: doneIn(outcomes, batch.drifted.has(key) ? "drift" : "wanted"),
    ...correctedAt(batch.corrected.get(key)),
    isOfServer: outcomes.some(({ failure }) => isOfServer(failure?.class)),
  };
}

/** A copy that somebody made stands in the plan under the same key. */
function isOfManifest(change: Change): boolean {
  return "desired" in change && change.desired !== undefined;
}

function isMade(own: Outcome | undefined): boolean {
  return own?.status === "done" && (own.change.op === "create" || own.change.op === "replace");
}

function foundAt(own: Outcome | undefined): { readonly createdAt?: string } {
  if (own?.change.subject !== "resource" || own.change.op !== "keep") return {};
  return { createdAt: own.change.live.createdAt };
}

function leftDrift(item: SyncItem | undefined, drifted: readonly Change[]): Pick<SyncOutcome, "verdict" | "drift"> {
  const mode = item === undefined ? "warn" : settingsOf(specOf(item.object)).drift;
  if (mode === "ignore") {
    return {
      verdict: { reason: "Synced", message: "As it was applied; what was changed on the server since is ignored." },
    };
  }
  const paths = pathsOf(drifted);
  const message = `Changed on the server: ${paths.join(", ")}. It stays so (drift: warn).`;
  return { verdict: { reason: "Drifted", message }, drift: { paths, changes: drifted } };
}

function correctedAt(places: readonly Pointer[] | undefined): Pick<SyncOutcome, "corrected"> {
  return places === undefined ? {} : { corrected: places };
}

function foughtOver({ places, times, until }: Fight): Pick<SyncOutcome, "verdict" | "drift"> {
  const paths = places.filter((place) => place !== "");
  const what = paths.length === 0 ? "the object itself, which was deleted each time" : paths.join(", ");
  const message = `Corrected ${times} times in a row, and changed again each time: ${what}. Left so until ${until}. ${factsOf("Flapping").cure}`;
  const drift = paths.length === 0 ? {} : { drift: { paths, changes: [] } };
  return { verdict: { reason: "Flapping", message }, ...drift };
}

function liveUuidIn(changes: readonly Change[]): string | undefined {
  const live = changes.flatMap((change) =>
    change.subject === "resource" && change.op !== "create" && change.live !== undefined ? [change.live.uuid] : [],
  );
  return live[0];
}

function uuidOf(uuid: string | undefined): { readonly uuid?: string } {
  return uuid === undefined ? {} : { uuid };
}
