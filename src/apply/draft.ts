import type { Draft } from "../client/client.ts";
import { SyncError } from "../model/errors.ts";
import type { JsonObject } from "../model/json.ts";
import { isJsonObject } from "../model/json.ts";
import type { Mark } from "../model/mark.ts";
import { markOf } from "../model/mark-of.ts";
import type { Resource } from "../model/resource.ts";
import { resolve } from "../model/template.ts";
import type { Changing, Making } from "./changes.ts";
import type { Run } from "./run.ts";

/** What a change sends. Throws SyncError `dependency_failed` when something it refers to has no uuid (any more). */
export function draftOf(change: Making | Changing, run: Run): Draft {
  const { desired } = change;
  return { name: desired.name, type: desired.type, document: documentOf(desired, run), mark: markFor(change, run) };
}

function documentOf(desired: Resource, { uuids, client }: Run): JsonObject {
  const document = resolve(desired.document, ({ form, target }) => {
    const uuid = uuids.get(target);
    if (uuid === undefined) throw unresolved(desired, target);
    return client.rules.formatReference(form, { uuid });
  });
  if (!isJsonObject(document)) throw new SyncError("internal", `The document of ${desired.key} is no JSON object.`);
  return document;
}

function markFor(change: Making | Changing, run: Run): Mark {
  const owner = { set: run.plan.target.set, nonce: run.nonce() };
  const spec = run.specOf(change.kind);
  if (change.op === "create") return markOf(spec, change.desired, owner);
  if (change.op === "replace") return { ...markOf(spec, change.desired, owner), replaces: change.live.uuid };
  const previous = change.live.mark;
  return markOf(spec, change.desired, { ...owner, ...(previous !== undefined && { previous }) });
}

function unresolved({ key }: Resource, target: string): SyncError {
  return new SyncError("dependency_failed", `${key} refers to ${target}, which is not on the server.`, {
    remedy: `Settle ${target} first, then run this again.`,
  });
}
