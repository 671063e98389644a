import pLimit from "p-limit";
import { ApiError } from "../../../../model/errors.ts";
import type { BrokenRow } from "../../../client.ts";
import type { Http } from "../../../http.ts";
import { objectPath } from "../../../uuid.ts";
import { FRAGILE_FIELDS } from "./parse-app.ts";
import { type AppRow, APPS, listAppRows } from "./read-app.ts";
import { isWithoutVersions } from "./versions.ts";

/** Requests at a time while every app is asked for by itself. */
const AT_A_TIME = 5;

/**
 * Apps that make a list of all columns fail for good (llmstack-server.md 2.3). One request where there are none, else
 * one an app.
 */
export async function findBrokenApps(http: Http, signal: AbortSignal): Promise<readonly BrokenRow[]> {
  if (await isAnswered(http, APPS, signal)) return [];
  const rows = await listAppRows(http, signal);
  const found = await pLimit(AT_A_TIME).map(rows, async (row) => describe(http, row, signal));
  return found.flatMap((row) => row ?? []);
}

async function describe(http: Http, row: AppRow, signal: AbortSignal): Promise<BrokenRow | undefined> {
  const { uuid, name, isPublished } = row;
  if (await isAnswered(http, objectPath(APPS, uuid), signal)) return undefined;
  const isHalfMade = await isWithoutVersions(http, uuid, signal);
  const first = isPublished ? `POST ${APPS}/${uuid}/unpublish, then ` : "";
  return {
    uuid,
    name,
    why: isHalfMade
      ? "a create that failed half-way left it, and it holds no version"
      : "it holds what the server takes in and cannot give back",
    removal: `Send ${first}DELETE ${APPS}/${uuid} with the token: LLMStack's editor cannot list it, and llmstack-sync deletes nothing without a mark.`,
  };
}

/** What the answer holds is dropped unread. */
async function isAnswered(http: Http, path: string, signal: AbortSignal): Promise<boolean> {
  try {
    await http.read(`${path}?${FRAGILE_FIELDS}`, () => undefined, signal);
    return true;
  } catch (error) {
    if (error instanceof ApiError && error.status === 500) return false;
    // Deleted meanwhile.
    if (error instanceof ApiError && error.class === "not_found") return true;
    throw error;
  }
}
