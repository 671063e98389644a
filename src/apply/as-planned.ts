import { type Json, jsonEqual } from "../model/json.ts";
import type { AppVersion, AppVersions, LiveResource } from "../model/live.ts";
import { whatMoved } from "./moved.ts";
import type { Changing, Removing } from "./changes.ts";
import { stale } from "./result.ts";
import type { Run } from "./run.ts";

/** A change of an object that was there when the plan was made. */
type OfLive = Changing | Removing;

/**
 * Reads an object right before it is written or deleted, its drafts too where the plan looked at them. Undefined where it
 * is gone. Throws SyncError `stale_plan` when it is not what the plan saw.
 */
export async function readAsPlanned(change: OfLive, run: Run, remark = ""): Promise<LiveResource | undefined> {
  const { key, kind, live } = change;
  const now = await run.client.get(run.specOf(kind), live.uuid, run.interrupt.hard);
  if (now === undefined) return undefined;
  const moved = whatMovedSince(change, now, run) ?? (await whatMovedBehind(change, now, run));
  if (moved === undefined) return now;
  throw stale(`${key} (${live.uuid}) is not what the plan saw: ${moved}.${remark}`);
}

/** What a read shows to be different since the plan, but for what this run did itself. */
export function whatMovedSince(change: OfLive, now: LiveResource, { published }: Run): string | undefined {
  const seen = rowOf(change);
  const publish = published.get(seen.uuid) ?? seen.publish;
  return whatMoved({ ...seen, ...(publish !== undefined && { publish }) }, now);
}

/** The object as a read shows it: its newest version, which may be a draft, where `live` is what runs. */
function rowOf({ live, versions }: OfLive): LiveResource {
  const newest = versions?.draft ?? versions?.live;
  if (versions === undefined || newest === undefined) return live;
  const { mark: _, ...rest } = live;
  const { document, mark, version } = newest;
  return {
    ...rest,
    document,
    version,
    hasLiveVersion: versions.live !== undefined,
    ...(mark !== undefined && { mark }),
  };
}

/**
 * A read tells of nearly everything that happens to drafts. Not of a draft that was published as it was, nor of a new one
 * where no number is given: then the versions are asked.
 */
async function whatMovedBehind(
  { live: { uuid }, versions: seen }: OfLive,
  { version }: LiveResource,
  { client, interrupt }: Run,
): Promise<string | undefined> {
  if (seen === undefined || (seen.draft === undefined && version !== undefined)) return undefined;
  const now = await client.versions(uuid, interrupt.hard);
  if (!isSameVersion(seen.live, now.live)) return "another version of it runs";
  return isSameVersion(seen.draft, now.draft) ? undefined : "its draft changed";
}

function isSameVersion(left: AppVersion | undefined, right: AppVersion | undefined): boolean {
  return jsonEqual(identityOf(left), identityOf(right));
}

function identityOf(version: AppVersions["live"]): Json {
  return version === undefined ? null : [version.version, version.comment, version.document];
}
