import { describe, expect, it } from "vitest";
import { docRules } from "../../../../src/client/dialects/doc/rules.ts";
import { UUID } from "../../../support/client-builders.ts";

describe("references on the documented API", () => {
  it.each(["uuid", "app"] as const)("a reference of form %s names the uuid it was made of", (form) => {
    expect(docRules.parseReference(form, docRules.formatReference(form, { uuid: UUID }))).toBe(UUID);
  });

  it("an app-to-app reference is a JSON text, compared by its callee", () => {
    expect(docRules.formatReference("app", { uuid: UUID })).toBe(`{"promptly_app_uuid":"${UUID}","input":{}}`);
    expect(docRules.parseReference("app", ` { "input": {"a":1}, "promptly_app_uuid" : "${UUID.toUpperCase()}" }`)).toBe(
      UUID,
    );
  });

  it.each([null, 1, "", "x", "{", "[]", "{}", '{"promptly_app_uuid": 7}', [UUID]])("%j names no app", (value) => {
    expect(docRules.parseReference("app", value)).toBeUndefined();
    expect(docRules.parseReference("uuid", value)).toBeUndefined();
  });
});

it("an empty config that no manifest states is what our mark leaves behind, so no drift", () => {
  expect(docRules.isServerDefault("App", "/config", {}, {})).toBe(true);
  expect(docRules.isServerDefault("App", "/config", { a: 1 }, {})).toBe(false);
  expect(docRules.isServerDefault("App", "/output_template", {}, {})).toBe(false);
  expect(docRules.isServerDefault("Datasource", "/config", {}, {})).toBe(false);
});
