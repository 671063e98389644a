import type { DialectRules } from "../model/dialect.ts";
import type { Json, JsonObject } from "../model/json.ts";
import type { KindSpec } from "../model/kind.ts";
import type { AppVersions, CompleteList, LiveEntry, LiveResource } from "../model/live.ts";
import type { EntryMark, Mark } from "../model/mark.ts";
import type { FileBody, Publish } from "../model/resource.ts";

/**
 * One LLMStack server, spoken to in its own dialect. Reads and deletes repeat themselves on passing failures; creates
 * never do, because a POST whose answer was lost may have landed: those throw `ambiguous_write` and the caller looks.
 * Every method throws SyncError (ApiError where the server answered) and nothing else but AbortSignal's reason.
 */
export interface Client {
  readonly server: ServerInfo;
  readonly rules: DialectRules;
  /** One request. Owned and foreign objects both, each uuid once. */
  list(kind: KindSpec, signal: AbortSignal): Promise<CompleteList<LiveResource>>;
  get(kind: KindSpec, uuid: string, signal: AbortSignal): Promise<LiveResource | undefined>;
  create(kind: KindSpec, draft: Draft, signal: AbortSignal): Promise<LiveResource>;
  /** Sends the whole document. Throws `ambiguous_write` when the answer was lost: read again before repeating. */
  update(kind: KindSpec, live: LiveResource, draft: Draft, signal: AbortSignal): Promise<LiveResource>;
  delete(kind: KindSpec, uuid: string, signal: AbortSignal): Promise<"deleted" | "absent">;
  listEntries(datasource: string, signal: AbortSignal): Promise<CompleteList<LiveEntry>>;
  /** What it made is found by listEntries: some servers make several entries of one call, or answer without them. */
  createEntry(datasource: string, draft: EntryDraft, signal: AbortSignal): Promise<void>;
  deleteEntry(datasource: string, entry: string, signal: AbortSignal): Promise<"deleted" | "absent">;
  /** What there is of an app beside what the list shows. Throws `unsupported_server` where there are no versions. */
  versions(uuid: string, signal: AbortSignal): Promise<AppVersions>;
  /**
   * Publishes or unpublishes an app, reads back, and answers what is so now: servers ignore values that they refuse.
   * What is left out stays as it is. Visibility and lists of an app that is and stays unpublished cannot be changed
   * without showing it for a moment, so they are left. Throws `unsupported_server` where nothing can be published.
   */
  publish(uuid: string, publish: Publish, signal: AbortSignal): Promise<Publish>;
  /** Ids of connections by name; everything else that the server says about them is dropped unread. */
  connections(signal: AbortSignal): Promise<ReadonlyMap<string, readonly string[]>>;
  /**
   * What each processor (`provider/slug`) assumes where its settings say nothing. Asked for once; from then on `rules`
   * knows it too. Until then `rules` goes by what all servers of the dialect do, so ask before planning apps.
   */
  catalogue(signal: AbortSignal): Promise<ReadonlyMap<string, JsonObject>>;
  /**
   * Rows that a create which failed half-way left behind: they have this name, hold no version at all, and are not in
   * `known` (every uuid that was there before). `delete` removes them. Whoever asks makes sure that no other create of
   * that name was under way. Reads only what such a row cannot break. Empty where servers leave none.
   */
  findOrphans(kind: KindSpec, wanted: WantedOrphan, signal: AbortSignal): Promise<readonly string[]>;
  /**
   * Rows that make the server fail wherever it answers about all of a kind, its own editor included: what a bad create
   * left behind. Asks row by row, and only where the whole list fails. Reads alone; empty where servers leave none.
   */
  findBroken(kind: KindSpec, signal: AbortSignal): Promise<readonly BrokenRow[]>;
  /**
   * Drafts that somebody left, among apps as a list gave them. Asks about those alone whose facts leave it open, at most
   * a hundred of them, the last changed first. Reads alone; none where there are no drafts.
   */
  findDrafts(apps: readonly LiveResource[], signal: AbortSignal): Promise<FoundDrafts>;
  /** Runs an app; yields the output as it grows, stitched together. The last one yielded is the whole. */
  run(app: string, request: RunRequest, signal: AbortSignal): AsyncIterable<RunOutput>;
  /** HTTP requests sent so far, retries included. */
  requestCount(): number;
}

export interface ServerInfo {
  readonly url: string;
  readonly dialect: string;
  /** How the dialect was recognised, in words. */
  readonly recognisedBy: string;
  /** The releases of LLMStack that answer so, in words; absent where it is none of them. */
  readonly releases?: string;
  /** Absent where the server does not tell who a token belongs to. */
  readonly account?: string;
}

/** A resolved document on its way to the server: nothing symbolic left in it. */
export interface Draft {
  readonly name: string;
  readonly type: string;
  readonly document: JsonObject;
  readonly mark: Mark;
  /** The Git revision it comes from, for the version's comment. */
  readonly revision?: string;
}

export interface WantedOrphan {
  readonly name: string;
  readonly known: ReadonlySet<string>;
}

export interface BrokenRow {
  readonly uuid: string;
  readonly name: string;
  /** What is wrong with it, in words. */
  readonly why: string;
  /** How a person gets rid of it. */
  readonly removal: string;
}

export interface FoundDraft {
  readonly uuid: string;
  readonly name: string;
  /** The set that its mark, or else the comment of a version, names; a draft may have lost the mark. */
  readonly set?: string;
}

export interface FoundDrafts {
  /** Beside a version that runs. */
  readonly waiting: readonly FoundDraft[];
  /** In place of one: nothing of these apps runs. */
  readonly alone: readonly FoundDraft[];
  /** How many apps were not asked about. */
  readonly unasked: number;
}

export interface EntryDraft {
  readonly name: string;
  readonly body:
    { readonly kind: "content" | "url"; readonly value: string } | { readonly kind: "file"; readonly file: FileBody };
  readonly metadata: JsonObject;
  readonly mark: EntryMark;
}

export interface RunRequest {
  readonly input: JsonObject;
  readonly session?: string;
  readonly stream: "whole" | "chunks";
}

export interface RunOutput {
  readonly session: string | undefined;
  readonly output: Json;
}

/** Web-standard on purpose: the embedded server is reached by the same client without a socket. */
export type Transport = (request: Request) => Promise<Response>;
