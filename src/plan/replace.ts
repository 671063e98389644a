import type { LiveResource } from "../model/live.ts";
import type { Hold } from "../model/plan.ts";
import type { Pointer } from "../model/pointer.ts";
import type { Resource, ResourceKey } from "../model/resource.ts";
import { counted, listed } from "./collections.ts";
import type { Context } from "./context.ts";
import { deletionHold } from "./deletion.ts";
import * as holds from "./holds.ts";

interface Replacement {
  readonly resource: Resource;
  readonly live: LiveResource;
  /** The places that force it. */
  readonly places: readonly Pointer[];
  /** Whoever refers to it by `$ref`: their documents change with the uuid. */
  readonly dependents: readonly ResourceKey[];
}

/** Why a live object may not be replaced, or undefined where it may. */
export function replaceHold(replacement: Replacement, context: Context): Hold | undefined {
  const { resource, live, places } = replacement;
  if (resource.protect || live.mark?.protect) return holds.protectedFromDeletion(live, "protect");
  if (resource.deletionPolicy === "Orphan" || live.mark?.orphan) return holds.protectedFromDeletion(live, "orphan");
  if (!context.policy.allowReplace) return holds.replaceNotAllowed(places, replaceConsequences(replacement, context));
  return deletionHold(live, context, resource);
}

/** What else a replacement does, in words, for whoever has to allow it. */
export function replaceConsequences({ resource, live, dependents }: Replacement, context: Context): string {
  const { entries = [] } = resource;
  const bytes = entries.reduce((sum, { body }) => sum + sizeOf(body), 0);
  const deleted = context.specOf(resource.kind).hasEntries
    ? (context.live.entries.get(live.uuid)?.items.length ?? 0)
    : 0;
  return [
    `The new object gets a new uuid (now ${live.uuid}): published links, webhooks and scripts that name the old one stop working.`,
    "Its history does not move with it.",
    deleted > 0 && `${counted(deleted, "live entry is", "live entries are")} deleted with the old one.`,
    entries.length > 0 &&
      `${counted(entries.length, "entry is", "entries are")} embedded again (${counted(bytes, "byte")}).`,
    dependents.length > 0 &&
      `${listed(dependents)} ${dependents.length === 1 ? "refers" : "refer"} to it and ${dependents.length === 1 ? "is" : "are"} updated in the same plan.`,
  ]
    .filter((sentence) => sentence !== false)
    .join(" ");
}

/** Bytes that are sent; secrets count as nothing, their length is nobody's business. */
function sizeOf(body: NonNullable<Resource["entries"]>[number]["body"]): number {
  if (body.kind === "file") return body.file.size;
  return typeof body.value === "string" ? Buffer.byteLength(body.value) : 0;
}
