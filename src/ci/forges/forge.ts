import type { CiEvent } from "../events/event.ts";
import type { RawEvent } from "../events/github-event.ts";

/** A comment on a pull request, or an issue's own text. */
export interface ForgeComment {
  readonly id: string;
  readonly body: string;
  /** Written by the account that this run's token belongs to. */
  readonly isOwn: boolean;
  /** Hidden by somebody, on forges that can. */
  readonly isMinimised: boolean;
  readonly url: string;
}

export interface ForgeIssue {
  readonly number: number;
  readonly body: string;
  readonly isOwn: boolean;
  readonly isOpen: boolean;
  readonly url: string;
}

/** A pull request as it is now, which may be later than the event. */
export interface PullState {
  readonly head: string;
  /** The branch it goes into. */
  readonly base: string;
}

export interface MergedPull {
  readonly number: number;
  /** The commit on the target branch that it became. */
  readonly commit: string;
}

/** What a run asks of a forge. Every method throws SyncError; reads are repeated where that may help. */
export interface ForgeClient {
  pullRequest(number: number, signal: AbortSignal): Promise<PullState>;
  /** All of them, oldest first. */
  comments(number: number, signal: AbortSignal): Promise<readonly ForgeComment[]>;
  createComment(number: number, body: string, signal: AbortSignal): Promise<ForgeComment>;
  updateComment(number: number, id: string, body: string, signal: AbortSignal): Promise<void>;
  /** Hides an outdated comment; where the forge cannot hide, its text is replaced. It is never deleted: that mails people. */
  retireComment(number: number, id: string, signal: AbortSignal): Promise<void>;
  /** Those merged into the branch, the one merged last first; at most 100. */
  mergedPulls(branch: string, signal: AbortSignal): Promise<readonly MergedPull[]>;
  /** All issues, oldest first, closed ones too. */
  issues(signal: AbortSignal): Promise<readonly ForgeIssue[]>;
  createIssue(issue: { readonly title: string; readonly body: string }, signal: AbortSignal): Promise<ForgeIssue>;
  updateIssue(
    number: number,
    change: { readonly body: string; readonly state: "open" | "closed" },
    signal: AbortSignal,
  ): Promise<void>;
}

/** What the log of a job makes of lines that look like commands. */
export type RunnerKind = "github" | "plain";

/** One forge as a row: how its runs are recognised, what they say, and who speaks to it. */
export interface Forge {
  readonly name: "github" | "gitlab" | "gitea" | "plain";
  /** True in a job of this forge. */
  readonly isHere: (env: RawEvent["env"]) => boolean;
  /** What happened. Throws SyncError of class usage where the event cannot be understood. */
  readEvent(raw: RawEvent): CiEvent;
  /** Variables that may hold the forge's token, the first one that does counts. */
  readonly tokenNames: readonly string[];
  /** What a job may read its own repository with, where no token was given. */
  readonly jobCredentials?: (env: RawEvent["env"]) => { readonly username: string; readonly token: string } | undefined;
  readonly runner: RunnerKind;
  /** What one comment may have, in UTF-8 bytes, with room for what the forge adds. */
  readonly commentBytes: number;
  /** Undefined where there is no forge to speak to. */
  readonly connect: ((setup: ForgeSetup) => ForgeClient) | undefined;
  /** The ref that merging would make, for forges that keep one. */
  mergeRef(number: number): string | undefined;
  /** Where a person sees this run; undefined where nobody tells. */
  runUrl(env: RawEvent["env"]): string | undefined;
}

export interface ForgeSetup {
  readonly apiUrl: string;
  readonly graphqlUrl: string | undefined;
  readonly token: string;
  readonly path: string;
  readonly timeoutMs: number;
}
