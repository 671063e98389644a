import * as fc from "fast-check";
import { dump } from "js-yaml";
import { describe, expect, it } from "vitest";
import { parseSymbolic } from "../../src/manifest/parse-template.ts";
import type { Json, JsonObject } from "../../src/model/json.ts";
import type { Resource } from "../../src/model/resource.ts";
import { resourceKey } from "../../src/model/resource.ts";
import { Reference, Secret, type SecretSource, symbolic, type Template } from "../../src/model/template.ts";
import { aFile, build } from "../support/manifest-builders.ts";

const label = fc.stringMatching(/^[a-z][a-z0-9]{0,6}$/u);
const dollarFree = fc.string({ maxLength: 8 }).filter((key) => !key.startsWith("$") && key !== "__proto__");
const json: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.constant(null),
    fc.boolean(),
    fc.integer(),
    fc.string({ maxLength: 12 }).filter((text) => !text.includes("_input") && !text.includes("\0")),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(dollarFree, tie("value"), { maxKeys: 3, noNullPrototype: true }),
  ),
})).value;

const manifest: fc.Arbitrary<JsonObject> = fc
  .record({
    name: label,
    config: fc.dictionary(dollarFree, json, { maxKeys: 4, noNullPrototype: true }),
    description: fc.string({ maxLength: 9 }).filter((text) => !text.includes("\0")),
  })
  .map(({ name, config, description }) => ({
    apiVersion: "llmstack.ai/v1alpha1",
    kind: "App",
    metadata: { name },
    spec: { definition: { name, type_slug: "web", config, description } },
  }));

/** Everything about resources but where they were written. */
function essence(resources: Iterable<Resource>): unknown {
  return [...resources].map(({ origin: _origin, document, ...rest }) => [rest, symbolic(document)]);
}

function shuffleKeys(value: Json, order: readonly number[]): Json {
  if (Array.isArray(value)) return value.map((item: Json) => shuffleKeys(item, order));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value as JsonObject).map(([key, item], index) => ({
    key,
    item,
    rank: order[index % order.length] ?? 0,
  }));
  return Object.fromEntries(
    entries.toSorted((a, b) => a.rank - b.rank).map(({ key, item }) => [key, shuffleKeys(item, order)]),
  );
}

describe("the desired state", () => {
  it("does not depend on the order of files, nor on the order of keys", () => {
    const manifests = fc.uniqueArray(manifest, { maxLength: 5, selector: ({ metadata }) => JSON.stringify(metadata) });
    const order = fc.array(fc.integer(), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(manifests, order, (bodies, ranks) => {
        const files = bodies.map((body, index) => aFile(JSON.stringify(body), `${index}.json`));
        const shuffled = bodies
          .map((body, index) => aFile(JSON.stringify(shuffleKeys(body, ranks)), `${index}.json`))
          .toReversed();
        const one = build(files);
        const other = build(shuffled);
        expect(one.problems).toEqual([]);
        expect(essence(other.desired.values())).toEqual(essence(one.desired.values()));
        expect([...other.desired.keys()]).toEqual([...one.desired.keys()]);
      }),
    );
  });

  it("is the same from JSON and from YAML that another tool writes", () => {
    fc.assert(
      fc.property(manifest, (body) => {
        const fromJson = build(JSON.stringify(body));
        const fromYaml = build(dump(body));
        expect(essence(fromYaml.desired.values())).toEqual(essence(fromJson.desired.values()));
      }),
    );
  });

  it("is built of anything without ever throwing", () => {
    const directive = fc.constantFrom("$ref", "$env", "$file", "$secret", "$configMap", "$x", "$$ref", "name", "key");
    const wild: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
      value: fc.oneof(
        { depthSize: "small" },
        json,
        fc.dictionary(fc.oneof(directive, dollarFree), tie("value"), { maxKeys: 2, noNullPrototype: true }),
        fc.array(tie("value"), { maxLength: 2 }),
      ),
    })).value;
    const kind = fc.constantFrom("App", "Datasource", "Secret", "ConfigMap", "List", "Server");
    const version = fc.constantFrom("llmstack.ai/v1alpha1", "v1");
    const field = fc.constantFrom(
      "definition",
      "entries",
      "entriesFrom",
      "pipeline",
      "publish",
      "type",
      "name",
      "movedFrom",
    );
    const document = fc.record(
      {
        apiVersion: fc.oneof(version, wild),
        kind: fc.oneof(kind, wild),
        metadata: fc.oneof(fc.record({ name: fc.oneof(label, wild) }), wild),
        spec: fc.oneof(fc.dictionary(field, wild), wild),
        items: fc.array(wild),
        data: wild,
        type_slug: wild,
        app: wild,
        slug: wild,
        name: wild,
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.array(document, { maxLength: 3 }), (bodies) => {
        const { problems } = build(bodies.map((body, index) => aFile(JSON.stringify(body), `${index}.json`)));
        for (const { range } of problems) expect(range?.line).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });

  it("is built of any bytes without ever throwing", () => {
    const pieces = fc.constantFrom(
      "apiVersion: llmstack.ai/v1alpha1\n",
      "kind: App\n",
      "spec:\n",
      "  definition:\n",
      "    name: a\n",
      "type_slug: web\n",
      "---\n",
      "app:\n",
      "  - $ref: x\n",
      "items: [",
      "&a",
      "*a",
      "{{ x }}",
      "yes",
      "\t",
      "\u0000",
      "é",
    );
    fc.assert(
      fc.property(
        fc.array(fc.oneof(pieces, fc.string({ unit: "binary", maxLength: 5 })), { maxLength: 12 }),
        (parts) => {
          expect(() => build(parts.join(""))).not.toThrow();
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe("the symbolic form", () => {
  const source: fc.Arbitrary<SecretSource> = fc.oneof(
    fc.record({ $env: label }),
    fc.record({ $secret: fc.record({ name: label, key: label }) }),
  );
  const key = fc.oneof(dollarFree, fc.constantFrom("$ref", "$env", "$$", "$x", "$$ref"));
  const template: fc.Arbitrary<Template> = fc.letrec<{ value: Template }>((tie) => ({
    value: fc.oneof(
      { depthSize: "small" },
      json,
      label.map((name) => new Reference(resourceKey("Datasource", name), "uuid")),
      source.map((from) => new Secret(from, JSON.stringify(from))),
      fc.array(tie("value"), { maxLength: 3 }),
      fc.dictionary(key, tie("value"), { maxKeys: 3, noNullPrototype: true }),
    ),
  })).value;

  it("read back is the same template, and written again the same bytes", () => {
    fc.assert(
      fc.property(template, (value) => {
        const form = symbolic(value);
        const back = parseSymbolic(form, "App", (from) => JSON.stringify(from));
        expect(back).toEqual(value);
        expect(JSON.stringify(symbolic(back))).toBe(JSON.stringify(form));
      }),
    );
  });

  it("gives a reference the form of its place back", () => {
    const callee = new Reference(resourceKey("App", "b"), "app");
    const document = {
      processors: [{ provider_slug: "promptly", processor_slug: "map", config: { promptly_app: callee } }],
    };
    expect(parseSymbolic(symbolic(document), "App", () => "")).toEqual(document);
  });

  it.each([{ a: { $file: "x" } }, { a: { $ref: 5 } }, { a: { $ref: "nonsense" } }, { $secret: { name: "a" } }])(
    "that was tampered with is an error: %j",
    (form) => {
      expect(() => parseSymbolic(form as Json, "App", () => "")).toThrow(/neither a reference nor a secret/u);
    },
  );
});
