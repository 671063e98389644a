import type { Publish, Visibility } from "./resource.ts";

/** From the fewest who may see an app to everybody. */
const OPENNESS: readonly Visibility[] = ["private", "organization", "unlisted", "public"];

/** How many a visibility lets in, for comparing; where it is not told, fewer than any. */
export function opennessOf(visibility: unknown): number {
  return OPENNESS.findIndex((known) => known === visibility);
}

/** True for an app that nobody sees, and that nobody is to see: who could see it otherwise does not matter then. */
export function staysHidden(wanted: Publish, live: Publish | undefined): boolean {
  return live?.state === "Unpublished" && (wanted.state ?? live.state) === "Unpublished";
}

/** What is wanted, as far as it lets nobody in who is not in now: the half of a change that goes first. */
export function narrowed(wanted: Publish, live: Publish): Publish {
  const { visibility } = wanted;
  const isLess = visibility !== undefined && opennessOf(visibility) < opennessOf(live.visibility);
  return {
    ...(wanted.state === "Unpublished" && { state: wanted.state }),
    ...(isLess && { visibility }),
    ...(wanted.readers !== undefined && { readers: common(wanted.readers, live.readers) }),
    ...(wanted.writers !== undefined && { writers: common(wanted.writers, live.writers) }),
  };
}

/** A replacement is for those whom its manifest names, and where that says nothing, for those who saw the old one. */
export function publishOfReplacement(wanted: Publish | undefined, old: Publish | undefined): Publish | undefined {
  return old?.state === "Published" ? { ...old, ...wanted } : wanted;
}

/** Where `now` lets somebody in whom `asked` does not; what is not asked for may be as it is. Hidden lets nobody in. */
export function moreOpenThan(asked: Publish, now: Publish): readonly (keyof Publish)[] {
  if (now.state === "Unpublished") return [];
  return FIELDS.filter((field) => {
    if (asked[field] === undefined) return false;
    if (field === "state") return asked.state === "Unpublished";
    if (field === "visibility") return opennessOf(now.visibility) > opennessOf(asked.visibility);
    return (now[field] ?? []).some((person) => !asked[field]?.includes(person));
  });
}

/** Where `now` is not what was asked for. Of what is hidden, and is to be, only that it is hidden counts. */
export function unlikeAsked(asked: Publish, now: Publish): readonly (keyof Publish)[] {
  const fields = now.state === "Unpublished" && asked.state !== "Published" ? (["state"] as const) : FIELDS;
  return fields.filter((field) => asked[field] !== undefined && !isSame(asked[field], now[field]));
}

/** Every part of who may see an app. */
export const FIELDS = ["state", "visibility", "readers", "writers"] as const satisfies readonly (keyof Publish)[];

/** Access lists are sets. */
function isSame(left: Publish[keyof Publish], right: Publish[keyof Publish]): boolean {
  if (typeof left === "string" || typeof right === "string") return left === right;
  const [a, b] = [new Set(left), new Set(right)];
  return a.size === b.size && [...a].every((person) => b.has(person));
}

function common(wanted: readonly string[], live: readonly string[] = []): readonly string[] {
  return wanted.filter((person) => live.includes(person));
}
