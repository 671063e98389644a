import { isArray } from "../model/json.ts";
import type { LiveState } from "../model/live.ts";
import type { Hold } from "../model/plan.ts";
import type { Resource, ResourceKey } from "../model/resource.ts";
import { isTemplateObject, Reference, Secret, type Template } from "../model/template.ts";
import { byText } from "./collections.ts";
import * as holds from "./holds.ts";

type Connections = LiveState["connections"];

/** The connections that a document refers to, by `Connection/<name>`. Every document is gone through once. */
export function connectionsIn({ document }: Pick<Resource, "document">): ReadonlySet<ResourceKey> {
  const before = known.get(document);
  if (before !== undefined) return before;
  const found = new Set<ResourceKey>();
  collect(document, found);
  const result = found.size === 0 ? NONE : found;
  known.set(document, result);
  return result;
}

const NONE: ReadonlySet<ResourceKey> = new Set();
/** Documents never change, and both what to read and the plan itself ask of all of them. */
const known = new WeakMap<Resource["document"], ReadonlySet<ResourceKey>>();

/** Ids of what these keys name, each as far as exactly one connection has the name. */
export function connectionIds(keys: Iterable<ResourceKey>, connections: Connections): ReadonlyMap<ResourceKey, string> {
  const found = new Map<ResourceKey, string>();
  for (const key of keys) {
    const [id, ...others] = connections?.get(nameOf(key)) ?? [];
    if (id !== undefined && others.length === 0) found.set(key, id);
  }
  return found;
}

/** Why a document that refers to these cannot be written: no connection has the name, or several have. */
export function connectionHold(keys: Iterable<ResourceKey>, connections: Connections): Hold | undefined {
  const unclear = [...keys].toSorted(byText).find((key) => connections?.get(nameOf(key))?.length !== 1);
  if (unclear === undefined) return undefined;
  const name = nameOf(unclear);
  const ids = connections?.get(name) ?? [];
  if (ids.length > 1) return holds.severalConnections(name, ids.toSorted(byText));
  return holds.noConnection(name, [...(connections?.keys() ?? [])].toSorted(byText));
}

/** Names are people's: they may hold a slash. */
function nameOf(key: ResourceKey): string {
  return key.slice(key.indexOf("/") + 1);
}

/** A plan goes through every document: nothing is made here that is not needed. */
function collect(template: Template, found: Set<ResourceKey>): void {
  if (template instanceof Secret) return;
  if (template instanceof Reference) {
    if (template.form === "connection") found.add(template.target);
  } else if (isArray<Template>(template)) {
    for (const item of template) collect(item, found);
  } else if (isTemplateObject(template)) {
    for (const item of Object.values(template)) if (typeof item === "object") collect(item, found);
  }
}
