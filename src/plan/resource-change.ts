import type { AppVersions, LiveResource } from "../model/live.ts";
import type { Hold, Op, ResourceChange } from "../model/plan.ts";
import type { Resource, ResourceKey } from "../model/resource.ts";
import { changeId } from "./change-id.ts";
import { byText } from "./collections.ts";
import type { Difference } from "./difference.ts";

interface About {
  readonly kind: string;
  readonly key: ResourceKey;
  readonly desired?: Resource;
  readonly live?: LiveResource;
  readonly differences?: readonly Difference[];
  readonly needs?: readonly ResourceKey[];
  /** Of the live object, where somebody looked. */
  readonly versions?: AppVersions | undefined;
}

export function createChange(
  desired: Resource,
  differences: readonly Difference[],
  needs: readonly ResourceKey[],
): ResourceChange {
  return { ...base("create", { ...keyOf(desired), desired, differences, needs }), op: "create", desired };
}

export function writeChange(
  op: "update" | "adopt" | "replace" | "keep",
  desired: Resource,
  live: LiveResource,
  about: Pick<About, "differences" | "needs" | "versions">,
): ResourceChange {
  return { ...base(op, { ...keyOf(desired), ...about, desired, live }), op, desired, live };
}

export function pruneChange(
  key: ResourceKey,
  live: LiveResource,
  { manifest, ...about }: Pick<About, "needs" | "versions"> & { readonly manifest?: Resource },
): ResourceChange {
  const change = base("prune", { kind: live.kind, key, live, ...about });
  return { ...change, op: "prune", live, ...(manifest !== undefined && { manifest }) };
}

export function holdChange(hold: Hold, about: About): ResourceChange {
  const { desired, live } = about;
  return {
    ...base("hold", about),
    op: "hold",
    hold,
    ...(desired !== undefined && { desired }),
    ...(live !== undefined && { live }),
  };
}

export function keyOf({ kind, key }: Resource): Pick<About, "kind" | "key"> {
  return { kind, key };
}

type Base = Pick<
  ResourceChange,
  "id" | "kind" | "key" | "name" | "fields" | "origin" | "needs" | "subject" | "versions"
>;

function base(
  op: Op,
  { kind, key, desired, live, versions, differences = [], needs = [] }: About,
): Base & { subject: "resource" } {
  return {
    subject: "resource",
    id: changeId({ kind, key, op, uuid: live?.uuid ?? null, differences }),
    kind,
    key,
    name: desired?.name ?? live?.name ?? key,
    fields: differences.map(({ field }) => field),
    ...(desired?.origin !== undefined && { origin: desired.origin }),
    needs: eachOnce(needs),
    ...(versions !== undefined && { versions }),
  };
}

function eachOnce(keys: readonly ResourceKey[]): readonly ResourceKey[] {
  return keys.length < 2 ? keys : [...new Set(keys)].toSorted(byText);
}
