import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import * as changes from "../../src/cli/options/changes.ts";
import { serverFlags } from "../../src/cli/options/server.ts";
import { kinds } from "../../src/kinds/index.ts";
import { schemas } from "../../src/kinds/schemas/index.ts";
import { savePlan } from "../../src/plan/saved-plan.ts";
import { problemsToJson } from "../../src/report/problems/problems-json.ts";
import { reportToJson } from "../../src/report/report-json.ts";
import { mixed } from "../report/problems/sample.ts";
import { mixedPlan, mixedReport } from "../report/sample.ts";
import { aDatasource, anApp, anEntry, desiredState, ref, secret } from "../support/plan-builders.ts";

const ajv = new Ajv2020({ strictTypes: false, allErrors: true });

describe("schemas of what we write", () => {
  const desired = desiredState([
    anApp("bot", { document: { config: { key: secret("x"), docs: [ref("docs")] } }, publish: { state: "Published" } }),
    aDatasource("docs", { entries: [anEntry("refunds")] }),
  ]);

  it.each([
    ["Plan", schemas.Plan, savePlan(mixedPlan, desired, kinds)],
    ["Report", schemas.Report, reportToJson(mixedReport)],
    ["Problems", schemas.Problems, problemsToJson(mixed)],
  ])("describe every field of a %s", (_, schema, document) => {
    const validate = ajv.compile(schema);
    expect(validate(document)).toBe(true);
    const closed = ajv.compile(closing(schema));
    closed(document);
    expect(closed.errors ?? []).toEqual([]);
  });

  it("let the project file hold exactly what the command line reads there", () => {
    const flags: readonly { readonly fileKey?: string }[] = [
      ...serverFlags,
      ...changes.manifestFlags,
      ...changes.policyFlags,
      changes.entryTimeout,
    ];
    const known = new Set(flags.flatMap(({ fileKey }) => fileKey ?? []));
    known.delete("tokenFile");
    const described = Object.keys(schemas.Project["properties"] ?? {});
    expect(described.toSorted()).toEqual([...known, "paths", "env", "apiVersion", "kind", "contexts"].toSorted());
  });
});

/** The same schema with every described object closed, so that a field that nobody described is found. */
function closing<T>(schema: T): T {
  if (Array.isArray(schema)) return schema.map((item: unknown) => closing(item)) as T;
  if (typeof schema !== "object" || schema === null) return schema;
  const inner = Object.fromEntries(
    Object.entries(schema).map(([key, value]: [string, unknown]) => [key, closing(value)]),
  );
  return ("properties" in inner && inner["type"] === "object" ? { ...inner, additionalProperties: false } : inner) as T;
}
