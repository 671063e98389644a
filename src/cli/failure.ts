import { type FailureClass, SyncError } from "../model/errors.ts";
import { InvalidManifests } from "../model/invalid-manifests.ts";
import type { JsonObject } from "../model/json.ts";
import { jsonLine, jsonText, SCHEMA_VERSION } from "../report/json.ts";
import { problemToJson } from "../report/problems/problems-json.ts";
import { EXIT, EXIT_OF_CLASS } from "./exit-codes.ts";
import { given } from "./given.ts";
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
  writeDocument(failureDocument(error, io.stop), setup);
  if (error instanceof InvalidManifests && !io.stop.aborted) {
    const { problemsText } = await import("./show-problems.ts");
    io.stderr.write(problemsText(error, io.stderr));
  }
  const { exitCode, message, remedy } = failureOf(error, io.stop);
  log.error(message, {
    ...given("hint", remedy),
    ...(isVerbose && error instanceof Error && given("stack", error.stack)),
  });
  return exitCode;
}

/** What a program gets to read when a run did not come to its document. */
export function failureDocument(error: unknown, stop: AbortSignal): JsonObject {
  const { exitCode, class: failure, message, remedy } = failureOf(error, stop);
  return {
    schemaVersion: SCHEMA_VERSION,
    kind: "Failure",
    exitCode,
    error: { class: failure, message, ...given("remedy", remedy) },
    ...(error instanceof InvalidManifests && !stop.aborted && { problems: error.problems.map(problemToJson) }),
  };
}

interface Failed {
  readonly exitCode: number;
  readonly class: FailureClass;
  readonly message: string;
  readonly remedy?: string | undefined;
}

function failureOf(error: unknown, stop: AbortSignal): Failed {
  if (stop.aborted) return { exitCode: EXIT.interrupted, class: "cancelled", message: "interrupted" };
  if (!(error instanceof SyncError)) return bug(error);
  return { exitCode: EXIT_OF_CLASS[error.class], class: error.class, message: error.message, remedy: error.remedy };
}

function bug(error: unknown): Failed {
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return {
    exitCode: EXIT.unexpected,
    class: "internal",
    message: `this is a bug in llmstack-sync: ${what}`,
    remedy: "Run it again with -v and report the stack.",
  };
}

function writeDocument(document: JsonObject, { io, format }: FailureSetup): void {
  if (format === "json") io.stdout.write(jsonText(document));
  if (format === "ndjson") io.stdout.write(`${jsonLine({ type: "failure", ...document })}\n`);
}
