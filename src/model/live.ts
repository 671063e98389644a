import type { JsonObject } from "./json.ts";
import type { EntryMark, Mark } from "./mark.ts";
import type { Publish } from "./resource.ts";

/** One object as a server holds it, already in the shape of a desired document: no uuid, dates or mark inside. */
export interface LiveResource {
  readonly kind: string;
  readonly uuid: string;
  readonly name: string;
  readonly type: string;
  readonly document: JsonObject;
  readonly mark?: Mark;
  /** False for what the list shows but the token does not own (shared, organisation): never touched. */
  readonly isOwned: boolean;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly publish?: Publish;
}

export type EntryStatus = "READY" | "PROCESSING" | "FAILED" | "UNKNOWN";

export interface LiveEntry {
  readonly uuid: string;
  readonly name: string;
  readonly status: EntryStatus;
  readonly mark?: EntryMark;
  /** What the server says about a failure, where it does. */
  readonly reason?: string;
  /** What it holds, where the server gives that back; bytes of files never are. */
  readonly body?: { readonly kind: "content" | "url"; readonly value: string };
  /** Without our mark. */
  readonly metadata?: JsonObject;
  readonly createdAt: string;
}

/**
 * A list that was read to its end and understood item by item. Only this may show that something is absent; a list
 * that could not be read is an error, never a short list. The brand is given by the client alone.
 */
export interface CompleteList<T> {
  readonly items: readonly T[];
  readonly [complete]: true;
}
declare const complete: unique symbol;

/** For the client, after every item was checked. */
export function completeList<T>(items: readonly T[]): CompleteList<T> {
  return { items } as CompleteList<T>;
}

/** Everything one plan knows of a server. Kinds and datasources that were not read are absent. */
export interface LiveState {
  readonly resources: ReadonlyMap<string, CompleteList<LiveResource>>;
  /** By uuid of the datasource. */
  readonly entries: ReadonlyMap<string, CompleteList<LiveEntry>>;
}
