import type { Draft } from "../client/client.ts";
import { SyncError } from "../model/errors.ts";
import type { JsonObject } from "../model/json.ts";
import { isJsonObject } from "../model/json.ts";
import { withLiveAt } from "../model/keep-live.ts";
import type { Mark } from "../model/mark.ts";
import { markOf } from "../model/mark-of.ts";
import type { Resource } from "../model/resource.ts";
import { resolve } from "../model/template.ts";
import type { Changing, Making } from "./changes.ts";
import { referenceWires } from "./reference-wires.ts";
import type { Run } from "./run.ts";

/** What a change sends. Throws SyncError `dependency_failed` when something it refers to has no uuid (any more). */
export async function draftOf(change: Making | Changing, run: Run): Promise<Draft> {
  const { desired } = change;
  const { revision } = run.plan.target;
  return {
    name: desired.name,
    type: desired.type,
    document: keepingLive(change, await documentOf(desired, run), run),
    mark: markFor(change, run),
    ...(revision !== undefined && { revision }),
  };
}

async function documentOf(desired: Resource, run: Run): Promise<JsonObject> {
  const wires = await referenceWires(desired, run);
  const document = resolve(desired.document, (reference) => wires.get(reference) ?? null);
  if (!isJsonObject(document)) throw new SyncError("internal", `The document of ${desired.key} is no JSON object.`);
  return document;
}

/** What is made anew starts as the manifest says. */
function keepingLive(change: Making | Changing, document: JsonObject, run: Run): JsonObject {
  const { keepLive } = change.desired;
  if (keepLive === undefined || change.op === "create" || change.op === "replace") return document;
  return withLiveAt(document, change.live.document, keepLive, run.specOf(change.kind).keyedLists);
}

function markFor(change: Making | Changing, run: Run): Mark {
  const owner = { set: run.plan.target.set, owner: run.plan.policy.owner, nonce: run.nonce() };
  const spec = run.specOf(change.kind);
  if (change.op === "create") return markOf(spec, change.desired, owner);
  if (change.op === "replace") return { ...markOf(spec, change.desired, owner), replaces: change.live.uuid };
  const previous = change.live.mark;
  return markOf(spec, change.desired, { ...owner, ...(previous !== undefined && { previous }) });
}
