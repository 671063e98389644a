import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { docRules } from "../../../src/client/dialects/doc/rules.ts";
import { kinds } from "../../../src/kinds/index.ts";
import { exportFiles } from "../../../src/manifest/write/export-files.ts";
import { jsonEqual, type Json, type JsonObject } from "../../../src/model/json.ts";
import { resourceKey } from "../../../src/model/resource.ts";
import { resolve } from "../../../src/model/template.ts";
import { readBack } from "../../support/manifest-round-trip.ts";
import { anApp, liveFrom, liveState, uuid } from "../../support/plan-builders.ts";

const PROMPT = `You are a support agent.\n\n${"Answer in one sentence, and name your source.\n".repeat(12)}`;

describe("reading an export", () => {
  const text = fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 20 }),
    fc.string({ unit: "binary", maxLength: 10 }).map((value) => value.toWellFormed().replaceAll("\0", "")),
    fc.constantFrom(
      "yes",
      "on",
      "010",
      "1_000",
      "1e5",
      "12:30",
      "2024-01-01",
      "~",
      "null",
      "=",
      "<<",
      "- a",
      "{{ x }}",
    ),
    fc.constantFrom(
      PROMPT,
      `\n  ${PROMPT}`,
      `${PROMPT}\r\n`,
      "# no comment",
      "a: b",
      " ",
      "0x1F",
      ".5",
      "+1",
      "0o7",
      "1.",
    ),
  );
  const key = fc
    .oneof(
      fc.string({ minLength: 1, maxLength: 8 }),
      fc.constantFrom("y", "on", "1", "12:30", "true", "a b", "", "$a", "__x", "a: b", "#"),
    )
    .filter((name) => name !== "__proto__");
  const json = fc.letrec<{ value: Json; object: JsonObject }>((tie) => ({
    value: fc.oneof(
      { depthSize: "small" },
      text,
      fc.integer(),
      fc
        .double({ noNaN: true, noDefaultInfinity: true })
        .filter((n) => !Number.isInteger(n) || Number.isSafeInteger(n)),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie("value"), { maxLength: 3 }),
      tie("object"),
    ),
    object: fc
      .dictionary(key, tie("value"), { maxKeys: 4 })
      .filter((object) => {
        const keys = Object.keys(object).filter((name) => object[name] !== null);
        return keys.length <= 1 || !keys.some((name) => name.startsWith("$"));
      })
      .filter((object) => !Object.hasOwn(object, "x-llmstack-sync")),
  })).object;

  it("gives every document back, whatever it holds", () => {
    fc.assert(
      fc.property(json, json, text, (config, input, description) => {
        const live = liveFrom(
          anApp("any", {
            document: {
              description,
              config,
              processors: [{ id: "p1", provider_slug: "a", processor_slug: "b", config: input, input: config }],
            },
          }),
          uuid(1),
        );
        const { files } = exportFiles(liveState([live]), { kinds, rules: docRules, set: "team" });
        const { desired, problems } = readBack(files);
        expect(problems.filter(({ severity }) => severity === "error")).toEqual([]);
        const found = desired.get(resourceKey("App", "any"))?.document ?? {};
        expect(
          jsonEqual(
            resolve(found, () => null),
            live.document,
          ),
        ).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
