import { SyncError } from "../model/errors.ts";

/** A uuid in its one spelling: 36 characters, lower case. Only this becomes part of an address that is written to. */
export type Uuid = string & { readonly __brand: "Uuid" };

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/iu;

/** The uuid in its one spelling, or undefined: servers accept more spellings, we accept none of them. */
export function parseUuid(value: unknown): Uuid | undefined {
  return typeof value === "string" && UUID.test(value) ? (value.toLowerCase() as Uuid) : undefined;
}

/**
 * The address of one object under `collection` (`/api/apps`). Throws SyncError `internal` for anything but a uuid:
 * `DELETE /api/datasources/<uuid>/entries/` without an id deletes the whole datasource (llmstack-server.md 0.2).
 */
export type ObjectPath = string & { readonly __brand: "ObjectPath" };

/** Builds the only kind of address that a DELETE or PATCH is ever sent to. */
export function objectPath(collection: string, uuid: string): ObjectPath {
  const checked = parseUuid(uuid);
  if (checked === undefined) {
    throw new SyncError("internal", `refused to build an address under ${collection} from ${JSON.stringify(uuid)}`, {
      remedy: "Nothing was sent. This is a bug of llmstack-sync: only a full uuid may name an object.",
    });
  }
  return `${collection}/${checked}` as ObjectPath;
}
