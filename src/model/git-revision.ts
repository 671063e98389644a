import type { Source } from "./source.ts";

/** What a Git address led to. */
export interface GitRevision {
  /** The repository, without credentials. */
  readonly url: string;
  /** As people say it: main, v1.2.0; of a bare commit its id. */
  readonly ref: string;
  readonly commit: string;
  /** Id of the folder's tree: equal trees hold equal manifests, whatever the commit. */
  readonly tree: string;
  /** `main@sha1:<40 hex>`, of a bare commit `sha1:<40 hex>`. */
  readonly text: string;
  /** Whose signature was asked for and found. */
  readonly signers?: readonly GitSigner[];
}

export interface GitSigner {
  readonly signed: "commit" | "tag";
  readonly kind: "gpg" | "ssh";
  readonly name: string;
  readonly fingerprint: string;
}

/** The manifests of one folder of one commit. */
export interface GitSource extends Source {
  readonly revision: GitRevision;
  /** Lets go of what is kept nowhere else; nothing can be opened afterwards that was not read before. */
  close(): Promise<void>;
}
