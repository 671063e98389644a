import { SyncError } from "../../../../model/errors.ts";
import type { JsonObject } from "../../../../model/json.ts";
import type { LiveResource } from "../../../../model/live.ts";
import type { Publish } from "../../../../model/resource.ts";
import type { Http } from "../../../http.ts";
import { jsonBody } from "../../../request-body.ts";
import { objectPath } from "../../../uuid.ts";
import { APPS, readApp } from "./read-app.ts";
import { VISIBILITIES } from "./visibility.ts";

/**
 * Makes an app published or not, for whom it is said, and answers what is so then: servers ignore what they refuse
 * (llmstack-server.md 2.7). What is not said stays as it is.
 */
export async function publishApp(http: Http, uuid: string, wanted: Publish, signal: AbortSignal): Promise<Publish> {
  const before = publishOf(await readApp(http, uuid, signal), uuid);
  const now = { ...before, ...wanted };
  if (now.state === "Published") await http.command(`${objectPath(APPS, uuid)}/publish`, jsonBody(bodyOf(now)), signal);
  else if (before.state !== "Unpublished") await unpublishApp(http, uuid, signal);
  return publishOf(await readApp(http, uuid, signal), uuid);
}

/** Hides an app; one that is hidden stays so. */
export function unpublishApp(http: Http, uuid: string, signal: AbortSignal): Promise<void> {
  return http.command(`${objectPath(APPS, uuid)}/unpublish`, jsonBody({}), signal);
}

/** A number for the visibility, always: without one the server takes its own, which is for everybody. */
function bodyOf({ visibility, readers, writers }: Publish): JsonObject {
  const number = VISIBILITIES.find(([name]) => name === visibility)?.[1] ?? PRIVATE;
  return {
    visibility: number,
    ...(readers !== undefined && { read_accessible_by: [...readers] }),
    ...(writers !== undefined && { write_accessible_by: [...writers] }),
  };
}

const PRIVATE = 0;

function publishOf(app: LiveResource | undefined, uuid: string): Publish {
  if (app?.publish !== undefined) return app.publish;
  throw new SyncError("not_found", `app ${uuid} is gone`, { remedy: "It was deleted meanwhile: run again." });
}
