import type { Capabilities, KindCapabilities } from "../../model/dialect.ts";
import { type Check, ok } from "./check.ts";

const MARKS: Readonly<Record<KindCapabilities["mark"], string>> = {
  mutable: "carry a mark that can change",
  fixed: "carry a mark that is fixed at creation",
  none: "carry no mark: they are recognised by name and type, and pruned only when every entry is ours",
};

/** What a server can and cannot do, in words. */
export function capabilityChecks({ kinds, entryMark, versions }: Capabilities): readonly Check[] {
  return [
    ...Object.entries(kinds).map(([kind, capabilities]) => ok(`${kind} objects`, wordsOf(capabilities))),
    ok("entries", entryMark === "metadata" ? "carry their mark in their metadata" : "carry their mark in their name"),
    ok(
      "versions",
      versions ? "apps have drafts and versions" : "apps have no drafts and no versions: a write is live at once",
    ),
  ];
}

function wordsOf({ mark, fixed, unsupported, unclearable }: KindCapabilities): string {
  return [
    MARKS[mark],
    ...places(fixed, "changed only by replacing the object"),
    ...places(unsupported, "not known to this server"),
    ...places(unclearable, "cannot be emptied once filled"),
  ].join("; ");
}

function places(pointers: readonly string[], words: string): readonly string[] {
  return pointers.length === 0 ? [] : [`${pointers.map((pointer) => pointer.slice(1)).join(", ")}: ${words}`];
}
