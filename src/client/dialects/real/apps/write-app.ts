import { SyncError } from "../../../../model/errors.ts";
import { isArray, isObject, type Json, jsonEqual, own } from "../../../../model/json.ts";
import type { LiveResource } from "../../../../model/live.ts";
import type { Draft } from "../../../client.ts";
import type { Http } from "../../../http.ts";
import { jsonBody } from "../../../request-body.ts";
import { objectPath, type Uuid } from "../../../uuid.ts";
import { asked, objectOf, uuidOf } from "../../../wire-values.ts";
import type { Era } from "../era.ts";
import { VOICE_AGENT } from "../server-values.ts";
import { changedApp, newApp } from "./app-body.ts";
import { APPS, readApp } from "./read-app.ts";
import { integrationsOf, parseApp } from "./parse-app.ts";
import { HINTS } from "../../../../model/hints.ts";

/**
 * Makes an app and reads it back: the answer of a create leaves out what only its owner may see (llmstack-server.md
 * 2.3). Throws `ambiguous_write` also where the app is there and cannot be read.
 */
export async function createApp(http: Http, era: Era, draft: Draft, signal: AbortSignal): Promise<LiveResource> {
  const uuid = await http.create(APPS, jsonBody(newApp(draft)), (answer) => uuidOf(objectOf(answer)), signal);
  try {
    const live = await readApp(http, uuid, signal);
    if (live === undefined) throw new SyncError("not_found", "it is not there");
    return isMadeOtherwise(live, draft) ? await updateApp(http, era, { live, draft }, signal) : live;
  } catch (error) {
    throw error instanceof SyncError ? createdUnread(draft, uuid, error) : error;
  }
}

/**
 * A create gives a voice agent input fields of the server's own (2.3), and at v0.0.25 leaves integrations out (6.3). A
 * write right after it sets them.
 */
function isMadeOtherwise({ document }: LiveResource, { type, document: wanted }: Draft): boolean {
  const fields = own(wanted, "input_fields");
  if (type === VOICE_AGENT && fields !== undefined && !jsonEqual(fields, own(document, "input_fields"))) return true;
  return Object.keys(integrationsOf(wanted)).some((key) => own(document, key) === undefined);
}

interface AppUpdate {
  readonly live: LiveResource;
  readonly draft: Draft;
}

/** Writes the whole of an app and makes it live. Throws SyncError `rejected`, with nothing sent, where that must fail. */
export async function updateApp(
  http: Http,
  era: Era,
  { live, draft }: AppUpdate,
  signal: AbortSignal,
): Promise<LiveResource> {
  assertFilled(live, draft, era);
  const path = objectPath(APPS, live.uuid);
  const body = changedApp(live, draft, era);
  if (era.icons === "kept" && needsImageCleared(live, draft)) {
    const config = { ...objectOf(own(body, "config") ?? null), assistant_image: null };
    await http.update(path, jsonBody({ ...body, config }), asked(live.uuid, parseApp), signal);
  }
  return http.update(path, jsonBody(body), asked(live.uuid, parseApp), signal);
}

/**
 * An address for an image is ignored while the app has an image of its own, and fails where it never had a place for
 * one: a write without any comes first (llmstack-server.md 2.5, 3.1).
 */
function needsImageCleared({ document }: LiveResource, draft: Draft): boolean {
  const wanted = imageOf(own(draft.document, "config"));
  if (typeof wanted !== "string" || wanted === "" || wanted.startsWith("data:image")) return false;
  const before = imageOf(own(document, "config"));
  return before === undefined || ((before ?? "") !== "" && before !== wanted);
}

function imageOf(config: Json | undefined): Json | undefined {
  return isObject(config) ? own(config, "assistant_image") : undefined;
}

/** Without a draft to take them from, empty processors are an error of the server's (llmstack-server.md 2.10). */
function assertFilled({ uuid }: LiveResource, { name, document }: Draft, { patch, releases }: Era): void {
  const processors = own(document, "processors");
  if (patch !== "from-draft" || (isArray(processors) && processors.length > 0)) return;
  throw new SyncError("rejected", `app ${JSON.stringify(name)} (${uuid}) has no processors, and cannot be changed so`, {
    remedy: `Nothing was sent: ${releases} fail on such a change. Give it a processor, or delete and create it.`,
  });
}

function createdUnread({ name }: Draft, uuid: Uuid, error: SyncError): SyncError {
  return new SyncError(
    "ambiguous_write",
    `app ${JSON.stringify(name)} was created as ${uuid}, but could not be settled: ${error.message}`,
    { ...HINTS.seeLogOfWrite, ...error.hint, cause: error },
  );
}
