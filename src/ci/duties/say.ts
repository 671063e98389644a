import * as options from "../../cli/options/ci.ts";
import { SyncError } from "../../model/errors.ts";
import { EXIT } from "../../cli/exit-codes.ts";
import type { CiRun } from "../ci-run.ts";
import { publishComment } from "../comment/publish-comment.ts";
import type { CommentFrame } from "../comment/render-comment.ts";
import type { WantedComment } from "../comment/settle-comment.ts";

/** A text for a pull request. */
export interface Say {
  readonly number: number;
  /** The head that the text is about; undefined: it holds whatever is pushed meanwhile. */
  readonly head: string | undefined;
  /** `nothing-to-say` is brought up to date where a comment is, and with --comment changes hides it. */
  readonly need: "always" | "where-one-is" | "nothing-to-say";
  render(frame: CommentFrame): string;
}

/**
 * Writes our comment where this run may; answers its address. A forge that fails changes nothing of what the run is
 * about: it is told in the log, and with --require-comment at the end.
 */
export async function say(run: CiRun, text: Say): Promise<string> {
  const { client, invocation, key, link, forge } = run;
  const { flags, log, io } = invocation;
  const when = flags.get(options.comment) ?? "auto";
  if (client === undefined || when === "never") return "";
  const frame = { key, record: undefined, remarks: [], link, limit: forge.commentBytes };
  const wanted = { key, body: text.render(frame), need: needOf(text.need, when) };
  try {
    const { done, url } = await publishComment(client, text, wanted, io.stop);
    if (done === "dropped") log.info(`The head of #${text.number} has moved: a newer run speaks for it.`);
    return url;
  } catch (error) {
    if (!(error instanceof SyncError)) throw error;
    log.warn(`the comment on #${text.number} could not be written: ${error.message}`, hint(error));
    run.failedComments.push(text.number);
    return "";
  }
}

function needOf(need: Say["need"], when: "auto" | "changes"): WantedComment["need"] {
  if (need !== "nothing-to-say") return need;
  return when === "changes" ? "none-left" : "where-one-is";
}

function hint({ remedy }: SyncError): { readonly hint?: string } {
  return remedy === undefined ? {} : { hint: remedy };
}

/** Exit 4 where a comment is required and one could not be written; else what the run came to. */
export function exitWithComments({ failedComments, invocation: { flags } }: CiRun, exitCode: number): number {
  return flags.isOn(options.requireComment) && failedComments.length > 0 && exitCode === EXIT.ok
    ? EXIT.partial
    : exitCode;
}
