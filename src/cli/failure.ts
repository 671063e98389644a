import { SyncError } from "../model/errors.ts";
import { InvalidManifests } from "../model/invalid-manifests.ts";
import { EXIT, EXIT_OF_CLASS } from "./exit-codes.ts";
import type { Io } from "./io.ts";
import type { Log } from "./log.ts";

interface FailureSetup {
  readonly io: Io;
  readonly log: Log;
  readonly isVerbose: boolean;
  /** What `-o` asked for; JSON formats get a document about the failure. */
  readonly format: string | undefined;
}

/** Tells stderr what failed, and stdout too where JSON was asked for. Answers the exit code. */
export async function showFailure(error: unknown, setup: FailureSetup): Promise<number> {
  const { io, log, isVerbose } = setup;
  const document = failureDocument(error, io.stop);
  writeDocument(document, setup);
  if (error instanceof InvalidManifests && !io.stop.aborted) {
    const { problemsText } = await import("./show-problems.ts");
    io.stderr.write(problemsText(error, io.stderr));
  }
  const { message, remedy } = document.error;
  log.error(message, {
    ...(remedy !== undefined && { hint: remedy }),
    ...(isVerbose && error instanceof Error && error.stack !== undefined && { stack: error.stack }),
  });
  return document.exitCode;
}

interface FailureDocument {
  readonly schemaVersion: 1;
  readonly kind: "Failure";
  readonly exitCode: number;
  readonly error: { readonly class: string; readonly message: string; readonly remedy?: string };
  readonly problems?: InvalidManifests["problems"];
}

/** What a program gets to read when a run did not come to its document. */
export function failureDocument(error: unknown, stop: AbortSignal): FailureDocument {
  const head = { schemaVersion: 1, kind: "Failure" } as const;
  if (stop.aborted) {
    return { ...head, exitCode: EXIT.interrupted, error: { class: "cancelled", message: "interrupted" } };
  }
  if (!(error instanceof SyncError)) return { ...head, exitCode: EXIT.unexpected, error: bug(error) };
  const { class: failure, message, remedy } = error;
  return {
    ...head,
    exitCode: EXIT_OF_CLASS[failure],
    error: { class: failure, message, ...(remedy !== undefined && { remedy }) },
    ...(error instanceof InvalidManifests && { problems: error.problems }),
  };
}

function bug(error: unknown): FailureDocument["error"] {
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return {
    class: "internal",
    message: `this is a bug in llmstack-sync: ${what}`,
    remedy: "Run it again with -v and report the stack.",
  };
}

function writeDocument(document: FailureDocument, { io, format }: FailureSetup): void {
  if (format === "json") io.stdout.write(`${JSON.stringify(document, undefined, 2)}\n`);
  if (format === "ndjson") io.stdout.write(`${JSON.stringify({ type: "failure", ...document })}\n`);
}
