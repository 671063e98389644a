import { randomUUID } from "node:crypto";
import { apply } from "../apply/apply.ts";
import type { ApplyEvent } from "../apply/ledger.ts";
import { kinds } from "../kinds/index.ts";
import type { Outcome, Report } from "../model/outcome.ts";
import type { Op, Plan } from "../model/plan.ts";
import { SYMBOL } from "../report/change-view.ts";
import { jsonLine, SCHEMA_VERSION } from "../report/json.ts";
import { outcomeToJson } from "../report/report-json.ts";
import type { Invocation } from "./command-row.ts";
import type { Session } from "./decide.ts";
import { entryTimeout } from "./options/changes.ts";

const DEFAULT_ENTRY_TIMEOUT_MS = 300_000;

/** Carries out a plan and shows on stderr how far it is; with `-o ndjson` stdout gets a line for each outcome. */
export async function carryOut(
  plan: Plan,
  { client, settings, parallelism }: Pick<Session, "client" | "settings" | "parallelism">,
  invocation: Invocation & { readonly format: string },
): Promise<Report> {
  const { io, progress } = invocation;
  let settled = 0;
  try {
    return await apply(plan, {
      client,
      kinds,
      signal: io.stop,
      parallelism,
      entryTimeoutMs: settings.get(entryTimeout) ?? DEFAULT_ENTRY_TIMEOUT_MS,
      now: () => new Date(),
      nonce: () => randomUUID(),
      onEvent: (event) => {
        if (event.type === "finished") settled += 1;
        tell(event, settled, invocation);
      },
    });
  } finally {
    progress.clear();
  }
}

function tell(
  event: ApplyEvent,
  settled: number,
  { io, log, progress, format }: Invocation & { readonly format: string },
): void {
  const { change, done, total } = event;
  // One live line shows how much is written; of lines that stay, each counts one more.
  const count = counter(progress.isLive ? done : settled, total);
  if (event.type === "started") {
    progress.show(`${count} ${SYMBOL[change.op].padEnd(3)} ${change.key}`);
    return;
  }
  if (format === "ndjson") io.stdout.write(outcomeLine(event.outcome));
  const line = `${count} ${SYMBOL[change.op].padEnd(3)} ${change.key} ${words(event.outcome)}`;
  if (progress.isLive) progress.show(line);
  else log.info(line);
}

function outcomeLine(outcome: Outcome): string {
  return `${jsonLine({ type: "outcome", schemaVersion: SCHEMA_VERSION, ...outcomeToJson(outcome) })}\n`;
}

function counter(done: number, total: number): string {
  return `[${String(done).padStart(String(total).length)}/${total}]`;
}

const DONE: Readonly<Record<Op, string>> = {
  create: "created",
  update: "updated",
  replace: "replaced",
  adopt: "adopted",
  prune: "deleted",
  hold: "held",
  keep: "kept",
};

function words({ change, status, failure, durationMs }: Outcome): string {
  if (status === "done") return `${DONE[change.op]} in ${durationMs} ms`;
  return failure === undefined ? status : `${status}: ${failure.message}`;
}
