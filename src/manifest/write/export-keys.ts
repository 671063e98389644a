import type { DialectRules, ReferenceTarget } from "../../model/dialect.ts";
import type { LiveResource, LiveState } from "../../model/live.ts";
import { referenceTargetOf } from "../../model/reference-target.ts";
import { type ResourceKey, resourceKey } from "../../model/resource.ts";
import { keyLabel } from "../key-label.ts";
import { uniqueNames } from "./unique-names.ts";

/** Under which key a live object is exported. */
export interface ExportKey {
  readonly key: ResourceKey;
  readonly name: string;
  /** The manifest must name the uuid: nothing else tells which object is meant. */
  readonly needsUuid: boolean;
  /** What references to it are made from. */
  readonly target: ReferenceTarget;
}

interface Known {
  readonly set: string;
  readonly rules: DialectRules;
  readonly entries: LiveState["entries"];
  readonly versions?: LiveState["versions"] | undefined;
}

const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/u;

/**
 * A key for each object, by uuid: the one in its mark or in those of its entries, else one made of its name. Of several
 * objects with one mark the oldest has it, the others count as unmarked. The order of the objects does not matter.
 */
export function exportKeys(resources: readonly LiveResource[], known: Known): ReadonlyMap<string, ExportKey> {
  const byAge = resources.toSorted((a, b) => compare(a.createdAt, b.createdAt) || compare(a.uuid, b.uuid));
  const marked = new Map<ResourceKey, LiveResource>();
  for (const resource of byAge) {
    const name = markedName(resource, known);
    const key = resourceKey(resource.kind, name ?? "");
    if (name !== undefined && !marked.has(key)) marked.set(key, resource);
  }
  const keys = new Map<string, ExportKey>(
    [...marked].map(([key, live]) => [
      live.uuid,
      { key, name: nameIn(key), needsUuid: false, target: targetOf(live, known) },
    ]),
  );
  const unique = uniqueNames(marked.keys(), 127);
  for (const resource of byAge.filter(({ uuid }) => !keys.has(uuid))) {
    const { kind, name, uuid } = resource;
    const label = keyLabel(name) ?? `${kind.toLowerCase()}-${uuid.slice(0, 8)}`;
    // Room for a suffix: a name has at most 63 characters.
    const free = nameIn(unique(`${kind}/${label.slice(0, 56).replace(/-+$/u, "")}`));
    const needsUuid = !isPlain(resource, resources, known);
    keys.set(uuid, { key: resourceKey(kind, free), name: free, needsUuid, target: targetOf(resource, known) });
  }
  return keys;
}

/** As it runs, where somebody looked: a list may show a draft, and some give no version. */
function targetOf(live: LiveResource, { versions }: Known): ReferenceTarget {
  const running = versions?.get(live.uuid)?.live;
  return referenceTargetOf(
    running === undefined ? live : { ...live, version: running.version, document: running.document },
  );
}

/** Where the server keeps no marks, the only one of its name and type is found by them. */
function isPlain({ kind, name, type }: LiveResource, resources: readonly LiveResource[], { rules }: Known): boolean {
  if (rules.capabilities.kinds[kind]?.mark !== "none") return false;
  return resources.filter((other) => other.kind === kind && other.name === name && other.type === type).length === 1;
}

function markedName({ kind, uuid, mark }: LiveResource, { set, entries }: Known): string | undefined {
  const ofEntries = (entries.get(uuid)?.items ?? []).flatMap((entry) =>
    entry.mark?.set === set ? [entry.mark.key.slice(0, entry.mark.key.indexOf("/entries/"))] : [],
  );
  const key = mark?.set === set ? mark.key : ofEntries[0];
  if (key === undefined || !key.startsWith(`${kind}/`) || (mark === undefined && new Set(ofEntries).size > 1)) {
    return undefined;
  }
  const name = nameIn(key);
  return LABEL.test(name) ? name : undefined;
}

function nameIn(key: string): string {
  return key.slice(key.indexOf("/") + 1);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
