/** Where the pull requests live, as every forge can say it. */
export interface Repository {
  /** What git fetches from, without a trailing slash. */
  readonly gitUrl: string;
  /** Root of the REST API; empty where there is none. */
  readonly apiUrl: string;
  /** `owner/name`; on GitLab the project's number. */
  readonly path: string;
  /** Undefined where the event does not tell. */
  readonly defaultBranch: string | undefined;
}

export interface PullRequest {
  readonly number: number;
  /** The commit that was pushed last, as the event says it. */
  readonly head: string;
  readonly base: { readonly branch: string; readonly commit: string | undefined };
  /** The commit that merging would make, where the forge has made it. */
  readonly merge: string | undefined;
  /** Where both sides parted, where the forge tells. */
  readonly mergeBase: string | undefined;
  /** It comes from a repository that may not have our secrets. */
  readonly isFork: boolean;
}

interface EventBase {
  /** The forge's own name of it, for messages. */
  readonly name: string;
  /** Who caused it; undefined where nobody is named. */
  readonly actor: string | undefined;
  readonly repository: Repository;
}

/** What happened, whatever the forge calls it. */
export type CiEvent = EventBase &
  (
    | { readonly kind: "pull-request" | "pull-request-closed"; readonly pull: PullRequest }
    /** A queue tests the very commit that will become the branch; `queue` matches the refs of all that stand in it. */
    | {
        readonly kind: "merge-group";
        readonly commit: string;
        readonly base: string;
        readonly pulls: readonly number[];
        readonly queue: string | undefined;
      }
    | { readonly kind: "push"; readonly branch: string; readonly commit: string }
    /** Without a commit the branch's newest is meant. */
    | { readonly kind: "schedule" | "manual"; readonly branch: string; readonly commit: string | undefined }
    | { readonly kind: "tag"; readonly commit: string }
    /** Something that concerns us not: an edited title, a pull request that was merged. */
    | { readonly kind: "nothing" }
    /** Runs of this kind hold secrets while strangers decide what is in front of them, or nobody knows them. */
    | { readonly kind: "refused"; readonly remedy: string }
  );

export type EventKind = CiEvent["kind"];
