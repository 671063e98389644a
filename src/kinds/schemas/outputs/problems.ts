import type { JsonObject } from "../../../model/json.ts";
import { count, fields, list, schemaVersion, text } from "./parts.ts";

const range: JsonObject = fields("Where it is, counted from 1.", ["line", "column", "endLine", "endColumn"], {
  line: count("The line it starts on."),
  column: count("The column it starts at, in UTF-16 units."),
  endLine: count("The line it ends on."),
  endColumn: count("The column after its end."),
});

/** What `validate -o json` writes. */
export const problems: JsonObject = {
  type: "object",
  description: "What there is to mend in manifests, all of it at once.",
  required: ["schemaVersion", "kind", "counts", "problems"],
  properties: {
    schemaVersion,
    kind: { const: "Problems", description: "Always Problems." },
    counts: fields("How many there are.", ["files", "errors", "warnings", "notes"], {
      files: count("Files that were read."),
      errors: count("Problems that stop a run."),
      warnings: count("Problems that should be mended and stop nothing."),
      notes: count("What was done without being asked."),
    }),
    problems: list(
      "Sorted by file and place.",
      fields("One problem.", ["severity", "code", "message", "path"], {
        severity: { enum: ["error", "warning", "note"], description: "How bad it is." },
        code: text("The stable name of the rule. Example: yaml/duplicate-key."),
        message: text("What is wrong, in words."),
        path: text("The file as it was given; - is standard input."),
        range,
        pointer: text("JSON pointer into the document. Example: /spec/definition/name."),
        suggestion: text("What to write instead."),
      }),
    ),
    exitCode: count("The exit code of the command that printed it."),
  },
};
