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
  /** Under which an app is known once it is published. Absent where the server has no publishing. */
  readonly publishedUuid?: string;
  /** False where the document is a draft that nothing runs; absent where there are no drafts. */
  readonly hasLiveVersion?: boolean;
  /** Of the row that `document` is from, where the list tells. */
  readonly version?: number;
}

/** One stored version of an app, in the shape of a desired document. */
export interface AppVersion {
  readonly version: number;
  readonly document: JsonObject;
  readonly mark?: Mark;
  readonly comment: string;
}

/** What a server with drafts keeps of one app. Neither: the row of a create that failed half-way. */
export interface AppVersions {
  /** What runs; absent where nothing does. */
  readonly live?: AppVersion;
  /** What somebody left unfinished, newer than `live`. */
  readonly draft?: AppVersion;
  /** Of the newest row, whichever it is; empty where nobody gave one. */
  readonly newestComment: string;
  /** Of all rows, newest first. */
  readonly comments: readonly string[];
  /** The newest version that carries a comment of ours, where somebody else wrote `live` over it. */
  readonly base?: AppVersion;
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
  /** By uuid of the app; only those that were looked at. */
  readonly versions?: ReadonlyMap<string, AppVersions>;
  /** Ids by name, which is not unique; absent where nobody refers to one. */
  readonly connections?: ReadonlyMap<string, readonly string[]>;
}
