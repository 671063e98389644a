import type { JsonObject } from "../../../model/json.ts";
import { CHANGE_REQUIRED, changeFields, count, fields, list, schemaVersion, target, text, texts } from "./parts.ts";

const failure: JsonObject = fields("What went wrong.", ["class", "message"], {
  class: text("What kind of failure it is: one word, stable. Example: ambiguous_write."),
  message: text("What was tried, on what, and what was answered."),
  remedy: text("What to do next."),
});

const outcome: JsonObject = fields("What became of one change.", ["status", "change", "warnings", "durationMs"], {
  status: {
    enum: ["done", "kept", "held", "failed", "blocked", "stale", "unknown", "skipped"],
    description:
      "done; kept: nothing differed; held: not allowed; failed; blocked: something that it needs failed; stale: the live object is not what the plan saw; unknown: it may have landed; skipped: the run ended before.",
  },
  change: fields("The change.", CHANGE_REQUIRED, changeFields),
  uuid: text("The live object afterwards, where there is one."),
  failure,
  warnings: texts("What went right and should still be read."),
  durationMs: count("How long it took, in milliseconds."),
});

/** What `apply --report` and `apply -o json` write. */
export const report: JsonObject = {
  type: "object",
  description: "The record of one apply, complete also when it was interrupted. It holds no documents and no secrets.",
  required: [
    "schemaVersion",
    "kind",
    "target",
    "summary",
    "counts",
    "isInterrupted",
    "requests",
    "startedAt",
    "durationMs",
    "outcomes",
  ],
  properties: {
    schemaVersion,
    kind: { const: "Report", description: "Always Report." },
    target,
    summary: text("The whole in one line."),
    counts: {
      type: "object",
      additionalProperties: { type: "integer" },
      description: "How many outcomes of each status there are.",
    },
    isInterrupted: { type: "boolean", description: "True when a signal ended the run." },
    requests: count("HTTP requests that were sent, repeated ones included."),
    startedAt: text("When it began, ISO 8601."),
    durationMs: count("How long it took, in milliseconds."),
    outcomes: list("One for each change, kept ones included.", outcome),
    next: { description: "What to do next, where there is something to do." },
    exitCode: count("The exit code of the command that printed it."),
  },
};
