/** Why a request is turned down. How that looks on the wire is the dialect's business. */
export type RefusalReason =
  | { readonly kind: "not-authenticated"; readonly detail: string }
  | { readonly kind: "no-such-route" }
  | { readonly kind: "wrong-method"; readonly method: string; readonly allowed: readonly string[] }
  | { readonly kind: "not-found" }
  | { readonly kind: "media-type"; readonly given: string }
  | { readonly kind: "too-large"; readonly limit: number }
  | { readonly kind: "unreadable"; readonly detail: string }
  | { readonly kind: "invalid"; readonly fields: FieldMessages };

/** What is wrong with each field of a body, by field. */
export interface FieldMessages {
  readonly [field: string]: readonly string[];
}

/** Thrown wherever a request turns out to be unacceptable; nothing was written by then. */
export class Refusal extends Error {
  readonly reason: RefusalReason;

  constructor(reason: RefusalReason) {
    super(`request refused: ${reason.kind}`);
    this.name = "Refusal";
    this.reason = reason;
  }
}

/** A body that cannot be read or used, said in one sentence. */
export function unreadable(detail: string): Refusal {
  return new Refusal({ kind: "unreadable", detail });
}

export function invalid(fields: FieldMessages): Refusal {
  return new Refusal({ kind: "invalid", fields });
}
