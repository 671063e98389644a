import { isObject } from "../../model/json.ts";
import { type CommentKey, isMarked, unixLines } from "./marker.ts";

/** What a comment remembers for machines: evidence of what people could see. */
export interface ReviewRecord {
  /** The pull request's head that was planned. */
  readonly head: string;
  /** The Git tree of the manifest folder; undefined where the merge result has none yet. */
  readonly tree: string | undefined;
  /** Of the whole plan. */
  readonly digest: string;
  /** 12 hex digits each; undefined where there are too many to keep, and only the digest counts. */
  readonly ids: readonly string[] | undefined;
  /** The commit on the target branch that was applied with this. */
  readonly applied: string | undefined;
}

/** Together well under half of a comment. */
const MOST_IDS = 1_500;

const HEX = /^[0-9a-f]+$/u;

/** One line that nobody sees. It holds hex digits and nothing from elsewhere. */
export function recordLine({ head, tree, digest, ids, applied }: ReviewRecord): string {
  const kept = ids === undefined || ids.length > MOST_IDS ? undefined : ids;
  return `${PREFIX}${JSON.stringify({ head, tree, digest, ids: kept?.join(" "), applied })}${SUFFIX}`;
}

const PREFIX = "<!-- llmstack-sync:record ";
const SUFFIX = " -->";

/** The record in a comment that is known to be ours; undefined where it has none, or one that nobody can read. */
export function recordIn(body: string, key: CommentKey): ReviewRecord | undefined {
  if (!isMarked(body, key)) return undefined;
  const line = unixLines(body).split("\n")[1] ?? "";
  if (!line.startsWith(PREFIX) || !line.endsWith(SUFFIX)) return undefined;
  const value = parsed(line.slice(PREFIX.length, -SUFFIX.length));
  if (!isObject(value)) return undefined;
  const hex = (name: string): string | undefined => {
    const text = value[name];
    return typeof text === "string" && HEX.test(text) ? text : undefined;
  };
  const [head, digest] = [hex("head"), hex("digest")];
  if (head === undefined || digest === undefined) return undefined;
  return { head, tree: hex("tree"), digest, ids: idsIn(value["ids"]), applied: hex("applied") };
}

function idsIn(text: unknown): readonly string[] | undefined {
  if (typeof text !== "string") return undefined;
  const ids = text === "" ? [] : text.split(" ");
  return ids.every((id) => /^[0-9a-f]{12}$/u.test(id)) ? ids : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
