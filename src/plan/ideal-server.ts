import type { DialectRules, KindCapabilities } from "../model/dialect.ts";
import { canonicalJson, sha256 } from "../model/digest.ts";
import { isObject, type Json } from "../model/json.ts";
import type { KindSpec } from "../model/kind.ts";
import { completeList, type LiveEntry, type LiveResource, type LiveState } from "../model/live.ts";
import { entryKey, entryMarkOf, markOf } from "../model/mark-of.ts";
import type { DesiredEntry, DesiredState, Resource, ResourceKey } from "../model/resource.ts";
import { CONNECTION, type Reference, type ReferenceForm, resolve } from "../model/template.ts";
import { connectionsIn } from "./connections.ts";

const ANYTHING: KindCapabilities = { mark: "mutable", fixed: [], unsupported: [], unclearable: [] };

/** The rules of a server that keeps whatever it is given, changes everything in place and adds nothing. */
export function idealRules(kinds: readonly KindSpec[]): DialectRules {
  return {
    name: "none",
    capabilities: {
      kinds: Object.fromEntries(kinds.map(({ kind }) => [kind, ANYTHING])),
      entryMark: "metadata",
      entryMetadata: "kept",
      versions: false,
      mintsVersions: false,
      connections: true,
    },
    formatReference: formatIdeal,
    parseReference: (form, value) => {
      const uuid = form === "app" ? calleeOf(value) : value;
      return typeof uuid === "string" ? uuid : undefined;
    },
    isServerDefault: () => false,
    isServerRewrite: () => false,
  };
}

/** What such a server holds once exactly this was applied to it, for a plan that has `wanted` as its other side. */
export function idealState(
  desired: DesiredState,
  wanted: DesiredState,
  { kinds, set }: { readonly kinds: readonly KindSpec[]; readonly set: string },
): LiveState {
  const resources = [...desired.values()];
  const used = new Set<ResourceKey>();
  for (const resource of [...resources, ...wanted.values()]) for (const key of connectionsIn(resource)) used.add(key);
  return {
    resources: new Map(
      kinds.map((spec) => {
        const items = resources.filter(({ kind }) => kind === spec.kind).map((resource) => liveOf(spec, resource, set));
        return [spec.kind, completeList(items)];
      }),
    ),
    entries: new Map(
      resources.map(({ key, entries = [] }) => {
        return [uuidOf(key), completeList(entries.map((entry) => liveEntryOf(key, entry, set)))];
      }),
    ),
    connections: new Map([...used].map((key) => [key.slice(`${CONNECTION}/`.length), [key]])),
  };
}

function liveOf(spec: KindSpec, resource: Resource, set: string): LiveResource {
  const { key, kind, name, type, document, publish } = resource;
  const held = resolve(document, wireOf);
  return {
    kind,
    uuid: uuidOf(key),
    name,
    type,
    document: isObject(held) ? held : {},
    mark: markOf(spec, resource, { set, nonce: key }),
    isOwned: true,
    createdAt: "",
    updatedAt: "",
    ...(publish !== undefined && { publish }),
  };
}

function liveEntryOf(datasource: ResourceKey, entry: DesiredEntry, set: string): LiveEntry {
  const uuid = uuidOf(entryKey(datasource, entry.name));
  return { uuid, name: entry.name, status: "READY", mark: entryMarkOf(datasource, entry, set), createdAt: "" };
}

/** A connection's id is its key: one that only the base refers to is looked up by nobody, and shows as it is. */
function wireOf({ form, target }: Reference): Json {
  return formatIdeal(form, { uuid: form === "connection" ? target : uuidOf(target) });
}

/** References of kinds are found by the shapes that all servers share (llmstack-server.md 4.6). */
function formatIdeal(form: ReferenceForm, { uuid }: { readonly uuid: string }): Json {
  return form === "app" ? JSON.stringify({ promptly_app_uuid: uuid, input: {} }) : uuid;
}

function calleeOf(value: Json): unknown {
  if (typeof value !== "string") return undefined;
  try {
    const parsed: unknown = JSON.parse(value);
    return isObject(parsed) ? parsed["promptly_app_uuid"] : undefined;
  } catch {
    return undefined;
  }
}

/** The same for the same key, in the form of a uuid. */
function uuidOf(key: string): string {
  const hex = sha256(canonicalJson(key));
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
