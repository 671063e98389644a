import type { Change, EntryChange, Op, Plan, ResourceChange, Wave } from "../model/plan.ts";
import { byText, groupBy } from "./collections.ts";
import { narrowsAccess, widensAccess } from "./compare-publish.ts";
import type { Context } from "./context.ts";
import { levelsOf } from "./topology.ts";
import { isWrite, writesDocument } from "./writes.ts";

/** As people read them: what destroys first, what stays as it is last. */
const READING_ORDER: Readonly<Record<Op, number>> = {
  prune: 0,
  replace: 1,
  update: 2,
  adopt: 3,
  create: 4,
  hold: 5,
  keep: 6,
};

/** The changes in reading order, the same whatever order they were found in. */
export function inReadingOrder(changes: readonly Change[]): readonly Change[] {
  return changes.toSorted(
    (a, b) => READING_ORDER[a.op] - READING_ORDER[b.op] || byText(a.key, b.key) || byText(a.id, b.id),
  );
}

/**
 * The waves of an apply: less access first, then creates and updates along references (of each kind its resources, then
 * their entries), then more access, then removals, the other way round.
 */
export function wavesOf(changes: readonly Change[], context: Context): Plan["waves"] {
  const resources = changes.filter((change) => change.subject === "resource");
  const entries = changes.filter((change) => change.subject === "entry");
  const writes = resources.filter(writesDocument);
  const removals = resources.filter(({ op }) => op === "prune" || op === "replace");
  const kinds = context.kinds.map(({ kind }) => kind);
  return [
    wave(
      "narrow",
      resources.filter((change) => isShown(change) && narrowsAccess(change.fields)),
    ),
    ...kinds.flatMap((kind) => writeWaves(ofKind(writes, kind), ofKind(entries, kind))),
    wave(
      "widen",
      resources.filter((change) => isWrite(change) && opens(change)),
    ),
    ...kinds.toReversed().flatMap((kind) => removeWaves(ofKind(removals, kind), ofKind(entries, kind), context)),
  ].filter(({ changes: batch }) => batch.length > 0);
}

function writeWaves(resources: readonly ResourceChange[], entries: readonly EntryChange[]): readonly Wave[] {
  const written = entries.filter(({ op }) => op === "create" || op === "update");
  return [...byLevel(resources, needsOf).map((batch) => wave("write", batch)), wave("write", written)];
}

function removeWaves(
  resources: readonly ResourceChange[],
  entries: readonly EntryChange[],
  context: Context,
): readonly Wave[] {
  const removed = entries.filter(({ op }) => op === "prune");
  return [wave("remove", removed), ...removalLevels(resources, context).map((batch) => wave("remove", batch))];
}

function wave(stage: Wave["stage"], changes: readonly Change[]): Wave {
  return { stage, changes };
}

/** A change of what is there, unless nobody sees it: then there is nobody to keep out. */
function isShown(change: ResourceChange): boolean {
  const isLiveWrite = change.op === "update" || change.op === "adopt";
  return isLiveWrite && change.live.publish?.state !== "Unpublished";
}

/** Some let more people in; of those that stay hidden nobody has to hear who could see them. */
function opens({ fields }: ResourceChange): boolean {
  const isHidden = fields.some(({ pointer, after }) => pointer === "/publish/state" && after === "Unpublished");
  return !isHidden && widensAccess(fields);
}

function ofKind<C extends ResourceChange | EntryChange>(changes: readonly C[], kind: string): readonly C[] {
  return changes.filter((change) => change.kind === kind);
}

function needsOf({ needs }: ResourceChange): readonly string[] {
  return needs;
}

/** Changes of one kind in batches: none refers to another of its own batch. */
function byLevel(
  changes: readonly ResourceChange[],
  needs: (change: ResourceChange) => readonly string[],
): readonly (readonly ResourceChange[])[] {
  const byKey = new Map<string, ResourceChange>(changes.map((change) => [change.key, change]));
  const levels = levelsOf(changes, (change) => needs(change).flatMap((key) => byKey.get(key) ?? []));
  const batches = groupBy(changes, (change) => levels.get(change) ?? 0);
  return [...batches.keys()].toSorted((a, b) => a - b).map((level) => batches.get(level) ?? []);
}

/** What refers goes before what it refers to. */
function removalLevels(
  changes: readonly ResourceChange[],
  { specOf }: Context,
): readonly (readonly ResourceChange[])[] {
  const byUuid = new Map(
    changes.flatMap((change) =>
      change.op === "prune" || change.op === "replace" ? [[change.live.uuid, change] as const] : [],
    ),
  );
  const referrers = groupBy(
    [...byUuid.values()].flatMap((referrer) =>
      specOf(referrer.kind)
        .references(referrer.live.document)
        .filter(({ uuid }) => uuid !== referrer.live.uuid)
        .map(({ uuid }) => ({ uuid, referrer })),
    ),
    ({ uuid }) => uuid,
  );
  const levels = levelsOf<ResourceChange>([...byUuid.values()], (change) =>
    change.op === "prune" || change.op === "replace"
      ? (referrers.get(change.live.uuid) ?? []).map(({ referrer }) => referrer)
      : [],
  );
  const batches = groupBy(changes, (change) => levels.get(change) ?? 0);
  return [...batches.keys()].toSorted((a, b) => a - b).map((level) => batches.get(level) ?? []);
}
