import { SyncError } from "../../../../model/errors.ts";
import { isArray, isObject, type Json, type JsonObject, own } from "../../../../model/json.ts";
import type { LiveResource } from "../../../../model/live.ts";
import { MARK_KEY, markToJson } from "../../../../model/mark.ts";
import { versionComment } from "../../../../model/version-comment.ts";
import type { Draft } from "../../../client.ts";
import { assertStorable } from "../../../storable.ts";
import type { Era } from "../era.ts";
import { INTEGRATIONS, VOICE_AGENT } from "../server-values.ts";

/**
 * The whole body of a new app: live at once, and never published with it, since that may be for everybody. Throws
 * SyncError `invalid_manifest` for what would break the account's list of apps (llmstack-server.md 2.3).
 */
export function newApp(draft: Draft): JsonObject {
  const { icon, ...body } = wholeBody(draft);
  return checked({ ...body, ...((icon ?? null) !== null && { icon }), ...integrations(draft.document, {}) });
}

/** The whole body of a write to an app: what is left out would be kept, reset or fail, by era (llmstack-server.md 2.10). */
export function changedApp(live: LiveResource, draft: Draft, { patch }: Era): JsonObject {
  const body = wholeBody(draft);
  // Left out means left as it is, which a server that resets has to be told.
  const left = patch === "resets" ? integrations(live.document, {}) : {};
  const isForced = draft.type === VOICE_AGENT && own(draft.document, "input_fields") === undefined;
  return checked({
    ...body,
    ...(isForced && { input_fields: own(live.document, "input_fields") ?? [] }),
    ...left,
    ...integrations(draft.document, live.document),
  });
}

function wholeBody({ name, type, document, mark, revision }: Draft): JsonObject & { readonly icon: Json } {
  const config = own(document, "config") ?? {};
  if (!isObject(config)) throw unfit(name, "config", "an object");
  return {
    name,
    type_slug: type,
    description: own(document, "description") ?? "",
    icon: own(document, "icon") ?? null,
    config: { ...config, [MARK_KEY]: markToJson(mark) },
    input_fields: own(document, "input_fields") ?? [],
    output_template: own(document, "output_template") ?? {},
    processors: own(document, "processors") ?? [],
    draft: false,
    comment: versionComment(mark, revision),
  };
}

/** Those that the document states; Discord's command is the server's, and would go with the others. */
function integrations(document: JsonObject, live: JsonObject): JsonObject {
  return Object.fromEntries(
    [...INTEGRATIONS].flatMap((key) => {
      const stated = own(document, key);
      if (!isObject(stated) || Object.keys(stated).length === 0) return [];
      const before = own(live, key);
      const command = isObject(before) ? own(before, "slash_command_id") : undefined;
      return [[key, { ...(command !== undefined && { slash_command_id: command }), ...stated }] as const];
    }),
  );
}

/** A value that is known only now, of a secret or the environment, may have made something else of these. */
function checked<T extends JsonObject>(body: T): T {
  const { name, processors } = body;
  if (typeof body["description"] !== "string") throw unfit(name, "description", "a text");
  if (!isArray<Json>(processors) || !processors.every((item) => isObject(item))) {
    throw unfit(name, "processors", "a list of objects");
  }
  assertPicture(name, "icon", body["icon"]);
  const { config } = body;
  assertPicture(name, "config.assistant_image", isObject(config) ? own(config, "assistant_image") : undefined);
  assertStorable(body);
  return body;
}

/** A picture among data URIs, as servers read it: with a name, and no `+` in its type (llmstack-server.md 3.1, 5.5). */
const PICTURE = /^data:[\w/\-.]+;name=.*;base64,/u;

/** Servers look into these two for a picture that they make a file of, after they have made the app. */
function assertPicture(name: Json | undefined, key: string, value: Json | undefined): void {
  const picture = value ?? "";
  if (typeof picture !== "string") throw unfit(name, key, "a text");
  if (picture.startsWith("data:image") && !PICTURE.test(picture)) {
    throw unfit(name, key, "a picture that servers can read: write data:image/png;name=FILE.png;base64,...");
  }
}

function unfit(name: Json | undefined, key: string, expected: string): SyncError {
  return new SyncError("invalid_manifest", `${key} of app ${JSON.stringify(name ?? null)} is not ${expected}`, {
    remedy: "Nothing was sent: a server stores it, and can then not list its apps any more. Correct the manifest.",
  });
}
