import type { ForgeComment } from "../forges/forge.ts";
import { type CommentKey, isMarked, unixLines } from "./marker.ts";

/** What a pull request should say of us. `keep-or-none`: nothing worth a new comment, but an old one is brought up to date. */
export interface WantedComment {
  readonly key: CommentKey;
  readonly body: string;
  readonly need: "always" | "where-one-is" | "none-left";
}

/** One step towards that. Nothing is deleted and made anew: that mails everybody. */
export type CommentStep =
  | { readonly do: "create"; readonly body: string }
  | { readonly do: "update"; readonly id: string; readonly body: string }
  | { readonly do: "retire"; readonly id: string };

/** Our comments among all of a page, oldest first. */
export function ownComments(comments: readonly ForgeComment[], key: CommentKey): readonly ForgeComment[] {
  return comments.filter(({ body, isOwn, isMinimised }) => isOwn && !isMinimised && isMarked(body, key));
}

/** The steps after which there is one comment, the oldest, with the wanted text. Pure; `comments` are all pages, oldest first. */
export function settleComment(
  comments: readonly ForgeComment[],
  { key, body, need }: WantedComment,
): readonly CommentStep[] {
  const [first, ...others] = ownComments(comments, key);
  const retire = (all: readonly ForgeComment[]): readonly CommentStep[] => all.map(({ id }) => ({ do: "retire", id }));
  if (first === undefined) return need === "always" ? [{ do: "create", body }] : [];
  if (need === "none-left") return retire([first, ...others]);
  const isSame = unixLines(first.body).trimEnd() === unixLines(body).trimEnd();
  return [...(isSame ? [] : [{ do: "update", id: first.id, body } as const]), ...retire(others)];
}
