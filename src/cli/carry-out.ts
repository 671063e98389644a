import { randomUUID } from "node:crypto";
import { apply } from "../apply/apply.ts";
import type { ApplyEvent } from "../apply/ledger.ts";
import { kinds } from "../kinds/index.ts";
import type { Outcome, Report } from "../model/outcome.ts";
import type { Op, Plan } from "../model/plan.ts";
import { SYMBOL } from "../report/change-view.ts";
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
  try {
    return await apply(plan, {
      client,
      kinds,
      signal: io.stop,
      parallelism,
      entryTimeoutMs: settings.get(entryTimeout) ?? DEFAULT_ENTRY_TIMEOUT_MS,
      now: () => new Date(),
      nonce: () => randomUUID(),
      onEvent: (event) => tell(event, invocation),
    });
  } finally {
    progress.clear();
  }
}

function tell(event: ApplyEvent, { io, log, progress, format }: Invocation & { readonly format: string }): void {
  const { change, done, total } = event;
  const count = `[${String(done).padStart(String(total).length)}/${total}]`;
  if (event.type === "started") {
    progress.show(`${count} ${SYMBOL[change.op].padEnd(3)} ${change.key}`);
    return;
  }
  if (format === "ndjson") {
    io.stdout.write(`${JSON.stringify({ type: "outcome", schemaVersion: 1, ...outcomeToJson(event.outcome) })}\n`);
  }
  const line = `${count} ${SYMBOL[change.op].padEnd(3)} ${change.key} ${words(event.outcome)}`;
  if (progress.isLive) progress.show(line);
  else log.info(line);
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
