import type { Capabilities, KindCapabilities } from "../../model/dialect.ts";
import { MARK_KEY } from "../../model/mark.ts";
import type { Pointer } from "../../model/pointer.ts";
import { type Check, ok } from "./check.ts";

/** What a server can and cannot do, in words. */
export function capabilityChecks(capabilities: Capabilities): readonly Check[] {
  return [
    ...Object.entries(capabilities.kinds).map(([kind, facts]) => ok(`${kind} objects`, wordsOf(kind, facts))),
    ok("entries", ENTRIES[capabilities.entryMark]),
    ok(
      "entry metadata",
      capabilities.entryMetadata === "kept" ? "kept" : "not known to this server: what manifests say is left out",
    ),
    ok("versions", versionsIn(capabilities)),
    ok("connections", capabilities.connections ? "referred to by name" : "not known to this server"),
  ];
}

/** Where a kind keeps our mark, and what not every server has of it. */
const KINDS: Readonly<Record<string, { readonly holder: string; readonly optional: readonly Pointer[] }>> = {
  App: { holder: "config", optional: ["/publish"] },
  Datasource: { holder: "pipeline", optional: ["/pipeline"] },
};

function wordsOf(kind: string, facts: KindCapabilities): string {
  const { fixed, unsupported, unclearable, neededForUpdate = [] } = facts;
  const { holder, optional } = KINDS[kind] ?? { holder: "their document", optional: [] };
  return [
    MARKS[facts.mark](`${holder}[${JSON.stringify(MARK_KEY)}]`),
    ...places(
      optional.filter((path) => !unsupported.includes(path)),
      "as manifests say",
    ),
    ...places(unsupported, "not known to this server (held)"),
    ...places(
      fixed.filter((path) => !unsupported.includes(path)),
      "a change replaces the object, with --allow-replace",
    ),
    ...places(unclearable, "cannot be emptied once filled (held)"),
    ...places(neededForUpdate, "must not be empty where anything else changes (held)"),
  ].join("; ");
}

const MARKS: Readonly<Record<KindCapabilities["mark"], (place: string) => string>> = {
  mutable: (place) => `carry their mark in ${place}, where it can change`,
  fixed: (place) => `carry their mark in ${place}, fixed at creation`,
  none: () => "carry no mark: matched by name and type, and pruned only when every entry is ours",
};

const ENTRIES: Readonly<Record<Capabilities["entryMark"], string>> = {
  metadata: "carry their mark in their metadata",
  "name-suffix": "carry their mark at the end of their name: ~ and 10 hex digits",
};

function versionsIn({ versions, mintsVersions }: Capabilities): string {
  if (!versions) return "no drafts and no versions: a write is live at once";
  return mintsVersions
    ? "each write of an app is a new version; a draft can wait beside the one that runs"
    : "a write overwrites the version that runs; a draft saved in the editor takes its place, and nothing runs then";
}

function places(pointers: readonly Pointer[], words: string): readonly string[] {
  return pointers.length === 0 ? [] : [`${pointers.map((pointer) => pointer.slice(1)).join(", ")}: ${words}`];
}
