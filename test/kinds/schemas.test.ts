import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { schemas } from "../../src/kinds/schemas/index.ts";
import { isArray, isObject, type Json, type JsonObject } from "../../src/model/json.ts";

const run = promisify(execFile);
const ajv = new Ajv2020({ strictTypes: true, allowUnionTypes: true, allErrors: true });
const isApp = ajv.compile(schemas.App);
const isDatasource = ajv.compile(schemas.Datasource);
const isProject = ajv.compile(schemas.Project);

function appWith(spec: JsonObject): JsonObject {
  return {
    apiVersion: "llmstack.ai/v1alpha1",
    kind: "App",
    metadata: { name: "bot" },
    spec: { definition: { name: "Bot", type_slug: "text-chat" }, ...spec },
  };
}

function datasourceWith(spec: JsonObject): JsonObject {
  return {
    apiVersion: "llmstack.ai/v1alpha1",
    kind: "Datasource",
    metadata: { name: "docs" },
    spec: { type: "text", ...spec },
  };
}

/** Every property at every depth: where it is and what is said of it. */
function propertiesIn(schema: unknown, path: string): readonly (readonly [string, unknown])[] {
  if (isArray<Json>(schema)) return schema.flatMap((item, index) => propertiesIn(item, `${path}/${index}`));
  if (!isObject(schema)) return [];
  return Object.entries(schema).flatMap(([keyword, value]) => {
    if (keyword !== "properties" || !isObject(value)) return propertiesIn(value, `${path}/${keyword}`);
    return Object.entries(value).flatMap(([name, part]) => {
      const described: (readonly [string, unknown])[] = [
        [`${path}/${name}`, isObject(part) ? part["description"] : undefined],
      ];
      return described.concat(propertiesIn(part, `${path}/${name}`));
    });
  });
}

describe("schemas", () => {
  it.each(Object.entries(schemas))("%s says of every field at every depth what it is", (kind, schema) => {
    const properties = propertiesIn(schema, kind);
    expect(properties.length).toBeGreaterThan(15);
    expect(properties.filter(([, description]) => typeof description !== "string" || description.length < 10)).toEqual(
      [],
    );
  });

  it("are what is committed under schemas/", async () => {
    await expect(run(process.execPath, ["scripts/generate.ts", "--check"])).resolves.toMatchObject({ stderr: "" });
  });

  it("accept a whole app, with directives at every depth of its definition", () => {
    const definition = {
      name: "Bot",
      type_slug: "text-chat",
      description: { $file: "about.md" },
      icon: null,
      config: { layout: { $configMap: { name: "a", key: "b" } }, anything: [{ at: { $env: "DEPTH" } }] },
      processors: [
        {
          id: "_inputs1",
          provider_slug: "promptly",
          processor_slug: "text_chat",
          config: { datasource: [{ $ref: "Datasource/docs" }] },
          input: {},
          icon: "kept as servers keep it",
        },
      ],
      slack_config: { bot_token: { $secret: { name: "slack", key: "token" } } },
    };
    expect(isApp(appWith({ definition, publish: { state: "Published", readers: [] } }))).toBe(true);
  });

  it("accept the operator's fields and a status, so that one file serves both worlds", () => {
    const fields = {
      serverRef: { name: "production" },
      interval: "10m",
      retryInterval: "1m30s",
      suspend: false,
      drift: "warn",
      policies: { adopt: "Match" },
    };
    expect(isApp({ ...appWith(fields), status: { conditions: [] } })).toBe(true);
    expect(isDatasource({ ...datasourceWith(fields), status: {} })).toBe(true);
  });

  it("take null for every key that may be left out, and for no other", () => {
    expect(isApp(appWith({ publish: null, movedFrom: null, deletionPolicy: null }))).toBe(true);
    expect(isApp(appWith({ definition: { name: null, type_slug: "web" } }))).toBe(false);
  });

  it.each([
    ["a misspelt field of the definition", appWith({ definition: { name: "B", type_slug: "web", proccessors: [] } })],
    ["publish flags inside the definition", appWith({ definition: { name: "B", type_slug: "web", visibility: 3 } })],
    ["a misspelt field of spec", appWith({ publsh: {} })],
    ["a name above 100 characters", appWith({ definition: { name: "x".repeat(101), type_slug: "web" } })],
    [
      "a directive of two keys",
      appWith({ definition: { name: "B", type_slug: "web", icon: { $env: "A", $file: "b" } } }),
    ],
    ["an unknown visibility", appWith({ publish: { visibility: "secret" } })],
    ["a name that is no label", { ...appWith({}), metadata: { name: "Bot_1" } }],
    ["a misspelt piece of metadata", { ...appWith({}), metadata: { name: "bot", lables: {} } }],
  ])("an app with %s is refused", (_, manifest) => {
    expect(isApp(manifest)).toBe(false);
  });

  it.each([
    ["content and url at once", { entries: [{ name: "a", content: "x", url: "https://example.com" }] }],
    ["no body", { entries: [{ name: "a" }] }],
    ["a name of two lines", { entries: [{ name: "a\nb", content: "x" }] }],
    ["a literal file", { entries: [{ name: "a", file: "bytes" }] }],
    ["glob and configMap at once", { entriesFrom: [{ glob: "*.md", configMap: { name: "a" } }] }],
  ])("an entry with %s is refused", (_, spec) => {
    expect(isDatasource(datasourceWith(spec))).toBe(false);
  });

  it("a name of 100 emoji is within the limit, as on servers", () => {
    expect(isApp(appWith({ definition: { name: "\u{1F600}".repeat(100), type_slug: "web" } }))).toBe(true);
  });

  it("a project file may not hold a token or a set of the operator", () => {
    expect(isProject({ server: "https://a.example", contexts: { ci: { set: "ci", maxDeletes: "10%" } } })).toBe(true);
    expect(isProject({ token: "x" })).toBe(false);
    expect(isProject({ set: "k8s:1" })).toBe(false);
  });
});
