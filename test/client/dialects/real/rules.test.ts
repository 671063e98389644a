import { describe, expect, it } from "vitest";
import {
  VERSIONED,
  PIPELINE,
  SLUG,
  CLASSIC,
  EARLY_CLASSIC,
  EARLY_PIPELINE,
} from "../../../../src/client/dialects/real/era.ts";
import { realRules } from "../../../../src/client/dialects/real/rules.ts";
import type { Json, JsonObject } from "../../../../src/model/json.ts";
import { OTHER_UUID, UUID } from "../../../support/client-builders.ts";

const ALL = [VERSIONED, PIPELINE, EARLY_PIPELINE, SLUG, CLASSIC, EARLY_CLASSIC];

describe("references on real servers", () => {
  const rules = realRules(VERSIONED);
  const target = { uuid: UUID, publishedUuid: OTHER_UUID, version: 3, inputFields: [{ name: "q" }] };

  it.each(["uuid", "app", "connection"] as const)("one of form %s names what it was made of", (form) => {
    expect(rules.parseReference(form, rules.formatReference(form, target))).toBe(UUID);
    expect(rules.parseReference(form, rules.formatReference(form, { uuid: UUID }))).toBe(UUID);
  });

  it("an app-to-app reference pins what it calls", () => {
    expect(JSON.parse(rules.formatReference("app", target) as string)).toEqual({
      promptly_app_uuid: UUID,
      promptly_app_published_uuid: OTHER_UUID,
      promptly_app_version: 3,
      promptly_app_input_fields: [{ name: "q" }],
      input: {},
    });
  });

  it.each([null, 1, "", "x", "{", "[]", "{}", '{"promptly_app_uuid": 7}', [UUID]])("%j names nothing", (value) => {
    for (const form of ["uuid", "app", "connection"] as const)
      expect(rules.parseReference(form, value)).toBeUndefined();
  });
});

describe("what real servers can do", () => {
  const facts = ALL.map((era) => {
    const { kinds, ...rest } = realRules(era).capabilities;
    return [era.releases, { app: kinds["App"], datasource: kinds["Datasource"], ...rest }] as const;
  });

  it.each(facts)("%s keep versions, and a type for good", (_, { app, datasource, versions }) => {
    expect(versions).toBe(true);
    expect(app).toMatchObject({ mark: "mutable", fixed: ["/type_slug"], unsupported: [] });
    expect(datasource?.fixed).toEqual(["/name", "/type", "/pipeline"]);
  });

  it("is told apart by release", () => {
    expect(
      facts.map(([releases, { app, datasource, entryMark, mintsVersions }]) =>
        [
          releases.replace(/^LLMStack /u, ""),
          datasource?.mark,
          datasource?.unsupported.join() || "-",
          entryMark,
          mintsVersions ? "mints" : "overwrites",
          app?.unclearable.join() || "-",
          app?.neededForUpdate?.join() ?? "-",
        ].join(" "),
      ),
    ).toEqual([
      "v0.2.6 and later fixed - metadata mints /processors -",
      "v0.2.4 and v0.2.5 fixed - metadata overwrites /processors -",
      "v0.2.1 to v0.2.3 none - name-suffix overwrites /processors -",
      "v0.1.5 to v0.2.0 none /pipeline name-suffix mints /processors /processors",
      "v0.0.29 to v0.1.4 none /pipeline name-suffix mints /processors /processors",
      "v0.0.25 to v0.0.28 none /pipeline name-suffix mints - -",
    ]);
  });
});

const SCHEMA: JsonObject = {
  type: "object",
  properties: {
    model: { type: "string", default: "small" },
    strict: { type: "boolean", default: false },
    required_one: { type: "string" },
    provider_config: { $ref: "#/$defs/Provider" },
    maybe: { anyOf: [{ $ref: "#/$defs/Provider" }, { type: "null" }], default: { provider: "mine" } },
    wrapped: { allOf: [{ $ref: "#/definitions/Old" }], default: "gpt" },
    itself: { $ref: "#" },
    many: { type: "array", items: { $ref: "#/$defs/Provider" }, default: [] },
  },
  $defs: { Provider: { properties: { provider: { default: "openai" }, temperature: { default: 0.7 } } } },
  definitions: { Old: { enum: ["gpt"], default: "older" } },
};

const KNOWN: ReadonlyMap<string, JsonObject> = new Map([["promptly/llm", SCHEMA]]);
const NONE: ReadonlyMap<string, JsonObject> = new Map();

function isDefault(path: string, value: Json, era = VERSIONED, schemas = KNOWN): boolean {
  const rules = realRules(era, { schemas: () => schemas });
  const document = { processors: [{ id: "a" }, { provider_slug: "promptly", processor_slug: "llm", config: {} }] };
  return rules.isServerDefault("App", `/processors/1/config${path}`, value, document);
}

describe("an undeclared setting of a processor", () => {
  it.each<[string, Json, boolean]>([
    ["/model", "small", true],
    ["/model", "large", false],
    ["/strict", false, true],
    ["/required_one", "x", false],
    ["/unheard_of", "x", false],
    ["/provider_config", { provider: "openai", temperature: 0.7 }, true],
    ["/provider_config", { provider: "openai" }, true],
    ["/provider_config", { provider: "azure", temperature: 0.7 }, false],
    ["/provider_config", { provider: "openai", more: 1 }, false],
    ["/provider_config/temperature", 0.7, true],
    ["/provider_config/temperature", 0.8, false],
    ["/maybe", { provider: "mine" }, true],
    ["/maybe/temperature", 0.7, true],
    ["/wrapped", "gpt", true],
    ["/itself/model", "small", true],
    ["/itself/itself/model", "other", false],
    ["/many", [], true],
    ["/many/0/temperature", 0.7, true],
    ["", {}, true],
    ["", { model: "small", strict: false }, true],
    ["", { model: "large" }, false],
  ])("at %s with %j: is it the server's own? %j", (path, value, is) => {
    expect(isDefault(path, value)).toBe(is);
    expect(isDefault(path, value, PIPELINE)).toBe(is);
  });

  it("is somebody's where no schema is known, unless the server fills settings up by itself", () => {
    expect(isDefault("/model", "small", VERSIONED, NONE)).toBe(false);
    for (const era of [PIPELINE, EARLY_PIPELINE, SLUG, CLASSIC, EARLY_CLASSIC]) {
      expect(isDefault("/model", "anything", era, NONE)).toBe(true);
    }
  });

  it("is somebody's outside of the settings", () => {
    for (const era of ALL) {
      const document = { processors: [{ provider_slug: "promptly", processor_slug: "llm" }] };
      expect(realRules(era).isServerDefault("App", "/processors/0/input", {}, document)).toBe(false);
      expect(realRules(era).isServerDefault("App", "/processors/0/description", "x", document)).toBe(false);
      expect(realRules(era).isServerDefault("App", "/processors/0", { id: "x" }, document)).toBe(false);
    }
  });
});

describe("what else servers do by themselves", () => {
  const rules = realRules(VERSIONED);

  it.each<[string, Json, boolean]>([
    ["/config", {}, true],
    ["/config", { assistant_image: null }, true],
    ["/config", { a: 1 }, false],
    ["/config/a", 1, false],
    ["/input_fields", [{}], false],
    ["/description", "x", false],
    ["/slack_config", { bot_token: "x" }, true],
    ["/slack_config/bot_token", "", true],
    ["/slack_config/bot_token", "x", false],
    ["/twilio_config/auto_create_sms_webhook", false, true],
    ["/twilio_config/auto_create_sms_webhook", true, false],
    ["/web_config/allowed_sites", [], true],
    ["/web_config/allowed_sites", ["x"], false],
    ["/web_config/domain", null, true],
    ["/discord_config/slash_command_id", "7", true],
    ["/slack_config/slash_command_id", "7", false],
  ])("in an app, undeclared, at %s: %j %j", (pointer, value, is) => {
    expect(rules.isServerDefault("App", pointer, value, { type_slug: "web" })).toBe(is);
  });

  it.each<[string, Json, boolean]>([
    ["/pipeline", { destination: {} }, true],
    ["/pipeline/destination/data/additional_kwargs", {}, true],
    ["/other", 1, false],
  ])("in a datasource, undeclared, at %s: %j %j", (pointer, value, is) => {
    expect(rules.isServerDefault("Datasource", pointer, value, {})).toBe(is);
    expect(rules.isServerDefault("Elsewhere", pointer, value, {})).toBe(false);
  });

  it("a release without icons drops them, and that is no drift", () => {
    const values = { sent: "https://x/y.png", got: undefined };
    expect(realRules(SLUG).isServerRewrite("App", "/icon", values, {})).toBe(true);
    expect(realRules(VERSIONED).isServerRewrite("App", "/icon", values, {})).toBe(false);
  });

  it("a setting that the processor does not know goes where settings are filled up", () => {
    const document = { processors: [{ provider_slug: "promptly", processor_slug: "llm" }] };
    const dropped = (era: typeof PIPELINE, pointer: string, got?: Json): boolean =>
      realRules(era, { schemas: () => KNOWN }).isServerRewrite("App", pointer, { sent: 1, got }, document);
    expect(dropped(PIPELINE, "/processors/0/config/zzz")).toBe(true);
    expect(dropped(PIPELINE, "/processors/0/config/model")).toBe(false);
    expect(dropped(PIPELINE, "/processors/0/config/zzz", 2)).toBe(false);
    expect(dropped(VERSIONED, "/processors/0/config/zzz")).toBe(false);
    expect(
      realRules(PIPELINE).isServerRewrite("App", "/processors/0/config/zzz", { sent: 1, got: undefined }, document),
    ).toBe(false);
  });

  it("an integration loses members that the server does not know", () => {
    expect(rules.isServerRewrite("App", "/slack_config/unheard_of", { sent: "x", got: undefined }, {})).toBe(true);
    expect(rules.isServerRewrite("App", "/slack_config/bot_token", { sent: "x", got: "y" }, {})).toBe(false);
    expect(rules.isServerRewrite("App", "/slack_config", { sent: {}, got: undefined }, {})).toBe(false);
    expect(rules.isServerRewrite("Elsewhere", "/icon", { sent: "x", got: undefined }, {})).toBe(false);
  });
});
