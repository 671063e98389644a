import { SyncError } from "../model/errors.ts";
import type { JsonObject } from "../model/json.ts";
import type { Problem } from "../model/problem.ts";
import { EXIT, EXIT_OF_CLASS } from "./exit-codes.ts";
import type { Io } from "./io.ts";
import type { Log } from "./log.ts";

/** Manifests that cannot be used: every problem at once. */
export class InvalidManifests extends SyncError {
  readonly problems: readonly Problem[];
  /** The problems with their source lines, for people. */
  readonly text: string;

  constructor(problems: readonly Problem[], text: string) {
    const errors = problems.filter(({ severity }) => severity === "error").length;
    super("invalid_manifest", `the manifests have ${errors} error${errors === 1 ? "" : "s"}; nothing was sent`);
    this.problems = problems;
    this.text = text;
  }
}

interface FailureSetup {
  readonly io: Io;
  readonly log: Log;
  readonly isVerbose: boolean;
  /** What `-o` asked for; JSON formats get a document about the failure. */
  readonly format: string | undefined;
}

/** Tells stderr what failed, and stdout too where JSON was asked for. Answers the exit code. */
export function showFailure(error: unknown, { io, log, isVerbose, format }: FailureSetup): number {
  const exitCode = io.stop.aborted ? EXIT.interrupted : exitOfError(error);
  const failure = io.stop.aborted ? { class: "cancelled", message: "interrupted" } : describeFailure(error);
  writeDocument(io, format, {
    exitCode,
    error: failure,
    ...(error instanceof InvalidManifests && { problems: error.problems }),
  });
  if (error instanceof InvalidManifests && exitCode === EXIT.invalid) io.stderr.write(error.text);
  log.error(failure.message, {
    ...(failure.remedy !== undefined && { hint: failure.remedy }),
    ...(isVerbose && error instanceof Error && error.stack !== undefined && { stack: error.stack }),
  });
  return exitCode;
}

function writeDocument(io: Io, format: string | undefined, facts: object): void {
  const document = { schemaVersion: 1, kind: "Failure", ...facts };
  if (format === "json") io.stdout.write(`${JSON.stringify(document, undefined, 2)}\n`);
  if (format === "ndjson") io.stdout.write(`${JSON.stringify({ type: "failure", ...document })}\n`);
}

function exitOfError(error: unknown): number {
  return error instanceof SyncError ? EXIT_OF_CLASS[error.class] : EXIT.unexpected;
}

/** Class, message and remedy as machines get them. An error nobody expected is called a bug. */
export function describeFailure(error: unknown): { class: string; message: string; remedy?: string } & JsonObject {
  if (error instanceof SyncError) {
    return {
      class: error.class,
      message: error.message,
      ...(error.remedy !== undefined && { remedy: error.remedy }),
    };
  }
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return {
    class: "internal",
    message: `this is a bug in llmstack-sync: ${what}`,
    remedy: "run it again with -v and report the stack",
  };
}
