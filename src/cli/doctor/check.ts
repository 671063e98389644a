import { SyncError, type FailureClass } from "../../model/errors.ts";

/** One thing that was looked at. `class` is there where it failed, and decides the exit code. */
export interface Check {
  readonly name: string;
  readonly status: "ok" | "warning" | "failed" | "skipped";
  readonly message: string;
  readonly hint?: string;
  readonly class?: FailureClass;
}

export function ok(name: string, message: string): Check {
  return { name, status: "ok", message };
}

export function warning(name: string, message: string, hint: string): Check {
  return { name, status: "warning", message, hint };
}

/** The failure as a check; anything unexpected goes on being thrown. */
export function failed(name: string, error: unknown): Check {
  if (!(error instanceof SyncError)) throw error;
  const { message, remedy, class: failure } = error;
  return { name, status: "failed", message, class: failure, ...(remedy !== undefined && { hint: remedy }) };
}
