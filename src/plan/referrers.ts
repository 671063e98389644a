import type { LiveResource } from "../model/live.ts";
import { groupBy, memoize, once } from "./collections.ts";
import type { Context } from "./context.ts";
import type { Decision } from "./decision.ts";
import type { Resource, ResourceKey } from "../model/resource.ts";
import { symbolicObject } from "../model/template.ts";

/** A live object that is to go, and in whose name. */
export interface Going {
  readonly key: ResourceKey;
  readonly live: LiveResource;
}

export interface ReferrerCheck {
  /** By uuid of what cannot go: the live objects that would be left with a dangling reference. */
  readonly blocked: ReadonlyMap<string, readonly LiveResource[]>;
  /** By uuid of what can go: the keys whose changes have to succeed before. */
  readonly needs: ReadonlyMap<string, readonly ResourceKey[]>;
}

/**
 * Nothing goes while a live object that this plan neither deletes nor changes refers to it. One that cannot go keeps
 * what it refers to, and so on, until nothing more is kept.
 */
export function checkReferrers(
  going: readonly Going[],
  decisions: ReadonlyMap<ResourceKey, Decision>,
  context: Context,
): ReferrerCheck {
  const goingByUuid = new Map(going.map((item) => [item.live.uuid, item]));
  const referrers = referrersOf(goingByUuid, context);
  const letsGo = rewritten(decisions, context);
  const blocked = new Map<string, readonly LiveResource[]>();
  const queue = [...goingByUuid.keys()];
  for (const uuid of queue) {
    if (blocked.has(uuid)) continue;
    const keeping = (referrers.get(uuid) ?? []).filter(
      (live) => live.uuid !== uuid && !isGoing(live.uuid) && !letsGo(live.uuid, uuid),
    );
    if (keeping.length === 0) continue;
    blocked.set(uuid, keeping);
    const live = goingByUuid.get(uuid)?.live;
    if (live !== undefined) queue.push(...referredUuids(live, context).filter((other) => goingByUuid.has(other)));
  }
  function isGoing(uuid: string): boolean {
    return goingByUuid.has(uuid) && !blocked.has(uuid);
  }
  return { blocked, needs: needsOf(goingByUuid, referrers, decisions) };
}

function referredUuids(live: LiveResource, { specOf }: Context): readonly string[] {
  return [
    ...new Set(
      specOf(live.kind)
        .references(live.document)
        .map(({ uuid }) => uuid),
    ),
  ];
}

/** Live objects, foreign ones too, by what they refer to. Looks at every document, so only where something goes. */
function referrersOf(
  going: ReadonlyMap<string, Going>,
  context: Context,
): ReadonlyMap<string, readonly LiveResource[]> {
  if (going.size === 0) return new Map();
  const pairs = context.kinds.flatMap(({ kind }) =>
    context.liveOf(kind).flatMap((live) => referredUuids(live, context).map((uuid) => ({ uuid, live }))),
  );
  const byUuid = groupBy(
    pairs.filter(({ uuid }) => going.has(uuid)),
    ({ uuid }) => uuid,
  );
  return new Map([...byUuid].map(([uuid, found]) => [uuid, found.map(({ live }) => live)]));
}

/** True where this plan writes a live object anew and its manifest does not name the uuid outright. */
function rewritten(
  decisions: ReadonlyMap<ResourceKey, Decision>,
  { specOf }: Context,
): (referrer: string, uuid: string) => boolean {
  const writes = once(() => new Map(writesByUuid(decisions)));
  const namedBy = memoize((referrer: string): ReadonlySet<string> | undefined => {
    const desired = writes().get(referrer);
    if (desired === undefined) return undefined;
    return new Set(
      specOf(desired.kind)
        .references(symbolicObject(desired.document))
        .map(({ uuid }) => uuid),
    );
  });
  return (referrer, uuid) => namedBy(referrer)?.has(uuid) === false;
}

function writesByUuid(
  decisions: ReadonlyMap<ResourceKey, Decision>,
): readonly (readonly [uuid: string, desired: Resource])[] {
  return [...decisions.values()].flatMap(({ change }) =>
    change.op === "update" || change.op === "adopt" || change.op === "replace"
      ? [[change.live.uuid, change.desired] as const]
      : [],
  );
}

function needsOf(
  going: ReadonlyMap<string, Going>,
  referrers: ReadonlyMap<string, readonly LiveResource[]>,
  decisions: ReadonlyMap<ResourceKey, Decision>,
): ReadonlyMap<string, readonly ResourceKey[]> {
  const keys = new Map<string, ResourceKey>([
    ...writesByUuid(decisions).map(([uuid, { key }]) => [uuid, key] as const),
    ...[...going.values()].map(({ live, key }) => [live.uuid, key] as const),
  ]);
  return new Map(
    [...referrers].map(([uuid, found]) => [
      uuid,
      found.filter((live) => live.uuid !== uuid).flatMap((live) => keys.get(live.uuid) ?? []),
    ]),
  );
}
