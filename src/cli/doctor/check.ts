import { SyncError, type FailureClass } from "../../model/errors.ts";
import type { JsonObject } from "../../model/json.ts";
import { given } from "../given.ts";

/** One thing that was looked at. `class` is there where it is a problem, and decides the exit code. */
export interface Check {
  readonly name: string;
  readonly status: "ok" | "warning" | "problem" | "skipped";
  readonly message: string;
  /** What to do about it. */
  readonly hint?: string;
  readonly class?: FailureClass;
  /** The objects it is about, where there are such. */
  readonly uuids?: readonly string[];
}

export function ok(name: string, message: string): Check {
  return { name, status: "ok", message };
}

export function warning(name: string, message: string, hint: string, uuids?: readonly string[]): Check {
  return { name, status: "warning", message, hint, ...(uuids !== undefined && { uuids }) };
}

export function skipped(name: string, message: string): Check {
  return { name, status: "skipped", message };
}

/** The failure as a check; anything unexpected goes on being thrown. */
export function problem(name: string, error: unknown): Check {
  if (!(error instanceof SyncError)) throw error;
  const { message, remedy, class: failure } = error;
  return { name, status: "problem", message, class: failure, ...(remedy !== undefined && { hint: remedy }) };
}

export function checkToJson({ name, status, message, hint, class: failure, uuids }: Check): JsonObject {
  return {
    name,
    status,
    message,
    ...given("hint", hint),
    ...given("class", failure),
    ...(uuids !== undefined && { uuids: [...uuids] }),
  };
}
