import type { LiveResource } from "../model/live.ts";
import type { Hold, Note, Plan, Refusal, ResourceChange } from "../model/plan.ts";
import type { Resource } from "../model/resource.ts";
import { assemblePlan } from "./assemble.ts";
import { type Context, makeContext, type PlanInput } from "./context.ts";
import { deletionHold } from "./deletion.ts";
import * as holds from "./holds.ts";
import { type Match, matchAll } from "./match.ts";
import { onlyNotes } from "./notes.ts";
import { checkReferrers } from "./referrers.ts";
import { holdChange, keyOf, pruneChange } from "./resource-change.ts";

/**
 * Deletes exactly what these manifests name and what is ours. Protection, deletionPolicy Orphan, foreign entries and
 * references from elsewhere count as in a prune; needs the same reads as `makePlan`.
 */
export function makeDeletePlan(input: PlanInput): Plan {
  const context = makeContext(input);
  const matches = matchAll(context);
  const selected = context.resources.filter(({ key }) => context.isSelected(key));
  const verdicts = selected.flatMap((resource) => verdictsOf(resource, matches.of(resource.key), context));
  const going = verdicts.flatMap((verdict) => (verdict.status === "goes" ? [verdict] : []));
  const { blocked, needs } = checkReferrers(
    going.map(({ resource, live }) => ({ key: resource.key, live })),
    new Map(),
    context,
  );
  const changes = verdicts.flatMap((verdict): readonly ResourceChange[] => {
    if (verdict.status === "left") return [];
    const { resource, live } = verdict;
    if (verdict.status === "held") return [heldChange(verdict.hold, resource, live)];
    const referrers = blocked.get(verdict.live.uuid);
    if (referrers !== undefined) return [heldChange(holds.referenced(verdict.live, referrers), resource, live)];
    const about = {
      manifest: resource,
      needs: needs.get(verdict.live.uuid) ?? [],
      versions: context.versionsOf(verdict.live.uuid),
    };
    return [pruneChange(resource.key, verdict.live, about)];
  });
  return assemblePlan({
    context,
    changes,
    refusals: emptyRefusal(selected),
    notes: [...onlyNotes(context), ...verdicts.flatMap((verdict) => (verdict.status === "left" ? [verdict.note] : []))],
  });
}

type Verdict =
  | { readonly status: "goes"; readonly resource: Resource; readonly live: LiveResource }
  | { readonly status: "held"; readonly resource: Resource; readonly live?: LiveResource; readonly hold: Hold }
  | { readonly status: "left"; readonly note: Note };

function verdictsOf(resource: Resource, match: Match, context: Context): readonly Verdict[] {
  const { key } = resource;
  if (match.status === "held") return [{ status: "held", resource, hold: match.hold }];
  if (match.status === "candidate") {
    return [{ status: "held", resource, live: match.live, hold: holds.notOursToDelete(match.live) }];
  }
  if (match.status === "none") {
    return [{ status: "left", note: { code: "delete/absent", message: `${key} is not on the server.`, key } }];
  }
  return [
    ...[match.live, ...match.replaced, ...match.doubles].map((live) => verdictOf(resource, live, context)),
    ...match.extras.map(({ live, hold }) => ({ status: "held" as const, resource, live, hold })),
  ];
}

function verdictOf(resource: Resource, live: LiveResource, context: Context): Verdict {
  const { key } = resource;
  if (resource.deletionPolicy === "Orphan" || live.mark?.orphan) {
    return {
      status: "left",
      note: { code: "delete/orphan", message: `${key} (${live.uuid}) stays: its deletionPolicy is Orphan.`, key },
    };
  }
  const isProtected = resource.protect || live.mark?.protect;
  const hold = isProtected ? holds.protectedFromDeletion(live, "protect") : deletionHold(live, context, resource);
  return hold === undefined ? { status: "goes", resource, live } : { status: "held", resource, live, hold };
}

function heldChange(hold: Hold, resource: Resource, live: LiveResource | undefined): ResourceChange {
  return holdChange(hold, { ...keyOf(resource), desired: resource, ...(live !== undefined && { live }) });
}

function emptyRefusal(selected: readonly Resource[]): readonly Refusal[] {
  if (selected.length > 0) return [];
  return [{ rule: "empty", detail: "No manifest names anything to delete.", remedy: "Check the paths and --only." }];
}
