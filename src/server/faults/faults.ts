/**
 * Something going wrong on purpose: which requests it hits, and what happens to them. A request is hit by every fault
 * that names it; delays add up, and of the rest the first in the list wins.
 */
export interface Fault {
  /** Any method when absent. */
  readonly method?: string;
  /** Glob over the path without its query: `*` within a segment, `**` across them. Any path when absent. */
  readonly path?: string;
  /** Which of the requests with that method and path. All of them when absent. */
  readonly pick?: FaultPick;
  /** How often it happens at most. */
  readonly times?: number;
  readonly effect: FaultEffect;
}

export type FaultPick =
  /** The n-th request with that method and path, from 1. */
  | { readonly nth: number }
  /** By place among all requests since the start, from 0, both ends included: the journal's index. */
  | { readonly from: number; readonly to: number }
  /** By chance, the same in every run with the same seed. */
  | { readonly probability: number; readonly seed: number };

export type FaultEffect =
  | { readonly kind: "latency"; readonly ms: number }
  /** The connection breaks, before the request is looked at or after its work is done. */
  | { readonly kind: "lost"; readonly when: FaultMoment }
  /** Somebody else answers: a proxy, a web framework. HTML with 200 is what an unknown route looks like. */
  | {
      readonly kind: "answer";
      readonly status: number;
      readonly body: "html" | "json" | "empty";
      readonly when: FaultMoment;
      readonly retryAfterSeconds?: number;
    }
  /** Half of the answer, then a broken connection, or an end that looks like a good one. */
  | { readonly kind: "truncated"; readonly end: "broken" | "clean" }
  /** The answer's body trickles in over that time. */
  | { readonly kind: "slow-body"; readonly ms: number }
  /** The entries that the request makes; such requests alone are counted, unless method or path say otherwise. */
  | { readonly kind: "entry"; readonly fate: EntryFate };

export type FaultMoment = "before-commit" | "after-commit";

/** What becomes of a new entry. `reads`: how many reads of its datasource still show it PROCESSING. */
export type EntryFate =
  { readonly status: "FAILED" } | { readonly status: "PROCESSING"; readonly reads: number | "always" };
