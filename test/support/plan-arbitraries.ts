import * as fc from "fast-check";
import type { LiveResource, LiveState } from "../../src/model/live.ts";
import { completeList } from "../../src/model/live.ts";
import { type DesiredEntry, type Resource, resourceKey } from "../../src/model/resource.ts";
import { Reference, referencesIn, Secret, type Template, type TemplateObject } from "../../src/model/template.ts";
import { kinds } from "../../src/kinds/index.ts";
import { aDatasource, anApp, foreignEntry, liveEntry, liveFrom, uuid } from "./plan-builders.ts";

/** Every secret value in generated worlds starts with this, so that one search finds any. */
export const SECRET_PREFIX = "s3cr3t-";

const NAMES = ["a", "b", "c", "d", "e"];

const scalar: fc.Arbitrary<Template> = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.string({ maxLength: 8 }),
  fc.constantFrom("$ref", "x/y", "a~b"),
);

const secretValue = fc
  .tuple(fc.constantFrom("ONE", "TWO", "THREE"), fc.nat(9))
  .map(([name, version]) => new Secret({ $env: name }, `${SECRET_PREFIX}${name}-${version}`));

const key = fc.oneof(
  fc.constantFrom("model", "headers", "api_key", "x/y", "~", "$env", "name"),
  fc.string({ minLength: 1, maxLength: 4 }),
);

/** A value that may hold references to these and secrets at any depth. */
function template(references: readonly Reference[]): fc.Arbitrary<Template> {
  const leaf = fc.oneof(
    { weight: 5, arbitrary: scalar },
    { weight: 1, arbitrary: secretValue },
    ...(references.length === 0 ? [] : [{ weight: 1, arbitrary: fc.constantFrom<Template>(...references) }]),
  );
  return fc.letrec<{ node: Template }>((tie) => ({
    node: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      leaf,
      fc.array(tie("node"), { maxLength: 3 }),
      fc.dictionary(key, tie("node"), { maxKeys: 3 }),
    ),
  })).node;
}

function processors(references: readonly Reference[]): fc.Arbitrary<Template> {
  const ids = fc.uniqueArray(fc.constantFrom("_inputs1", "_inputs2", "_inputs3", "search"), { maxLength: 4 });
  return ids.chain((chosen) =>
    fc.tuple(...chosen.map((id) => fc.record({ id: fc.constant(id), config: template(references) }))),
  );
}

function document(references: readonly Reference[]): fc.Arbitrary<TemplateObject> {
  return fc.record(
    {
      description: fc.string({ maxLength: 5 }),
      config: fc.dictionary(key, template(references), { maxKeys: 3 }),
      processors: processors(references),
      input_fields: fc.array(template(references), { maxLength: 2 }),
      slack_config: fc.record({
        bot_token: fc.oneof(
          secretValue,
          fc.nat(3).map((n) => `${SECRET_PREFIX}literal-${n}`),
        ),
      }),
    },
    { requiredKeys: [] },
  );
}

const entries: fc.Arbitrary<readonly DesiredEntry[]> = fc
  .uniqueArray(fc.record({ name: fc.constantFrom(...NAMES), content: fc.constantFrom("one", "two") }), {
    selector: ({ name }) => name,
  })
  .map((chosen) =>
    chosen.map(({ name, content }) => ({
      name,
      body: { kind: "content" as const, value: content },
      metadata: {},
      sha256: `sha-of-${name}-${content}`,
    })),
  );

const flags = fc.record({
  protect: fc.boolean(),
  deletionPolicy: fc.constantFrom("Delete" as const, "Orphan" as const),
});

const datasource = (name: string): fc.Arbitrary<Resource> =>
  fc
    .record({
      entries,
      type: fc.constantFrom("text", "url"),
      flags,
      entriesPolicy: fc.constantFrom("Keep" as const, "Exclusive" as const),
    })
    .map(({ flags: { protect, deletionPolicy }, ...parts }) =>
      aDatasource(name, { ...parts, protect, deletionPolicy }),
    );

/** An app that may refer to any datasource, and to apps before it, so that there is no circle. */
const app = (name: string, index: number): fc.Arbitrary<Resource> => {
  const references = [
    ...NAMES.map((target) => new Reference(resourceKey("Datasource", target), "uuid")),
    ...NAMES.slice(0, index).map((target) => new Reference(resourceKey("App", target), "app")),
  ];
  return fc
    .record({ document: document(references), flags })
    .map(({ document: made, flags: { protect, deletionPolicy } }) =>
      anApp(name, { document: made, protect, deletionPolicy }),
    );
};

/** What manifests may ask for: apps and datasources that refer to what is there, with secrets and entries. */
export const desiredResources: fc.Arbitrary<readonly Resource[]> = fc
  .tuple(fc.subarray(NAMES), fc.subarray(NAMES))
  .chain(([datasources, apps]) =>
    fc.tuple(...datasources.map(datasource), ...apps.map((name) => app(name, NAMES.indexOf(name)))),
  )
  .map(withoutDangling);

/** Manifests are checked before a plan: a reference to nothing never gets there. */
function withoutDangling(resources: readonly Resource[]): readonly Resource[] {
  const there = new Set(resources.map((resource) => resource.key));
  return resources.map((resource) => {
    const cut = cutDangling(resource.document, (reference) => there.has(reference.target));
    const made = isDocument(cut) ? cut : {};
    return { ...resource, document: made, dependsOn: [...new Set(referencesIn(made).map(({ target }) => target))] };
  });
}

function cutDangling(value: Template, isThere: (reference: Reference) => boolean): Template {
  if (value instanceof Reference) return isThere(value) ? value : "cut";
  if (Array.isArray(value)) return value.map((item: Template) => cutDangling(item, isThere));
  if (!isDocument(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, cutDangling(item, isThere)]));
}

function isDocument(value: Template): value is TemplateObject {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Reference) &&
    !(value instanceof Secret)
  );
}

type Ownership = "ours" | "other-set" | "unmarked" | "foreign";

/** Live objects that nobody's manifest may name: ours, another set's, unmarked and foreign ones. */
export const strangers: fc.Arbitrary<LiveState> = fc
  .array(
    fc.record({
      kind: fc.constantFrom("App", "Datasource"),
      name: fc.constantFrom(...NAMES, "x", "y"),
      ownership: fc.constantFrom<Ownership>("ours", "other-set", "unmarked", "foreign"),
      nonce: fc.constantFrom("n1", "n2", "n3"),
      protect: fc.boolean(),
      entries: fc.array(fc.constantFrom<Ownership>("ours", "other-set", "unmarked"), { maxLength: 3 }),
    }),
    { maxLength: 8 },
  )
  .map((rows) => {
    const made = rows.map((row, index) => ({ row, live: stranger(row, index) }));
    return {
      resources: new Map(
        kinds.map(({ kind }) => [kind, completeList(made.flatMap(({ live }) => (live.kind === kind ? [live] : [])))]),
      ),
      entries: new Map(
        made.flatMap(({ row, live }) =>
          row.kind === "App"
            ? []
            : [[live.uuid, completeList(row.entries.map((owner, at) => entryOf(owner, live, at)))] as const],
        ),
      ),
    };
  });

interface Row {
  readonly kind: string;
  readonly name: string;
  readonly ownership: Ownership;
  readonly nonce: string;
  readonly protect: boolean;
}

function stranger({ kind, name, ownership, nonce, protect }: Row, index: number): LiveResource {
  const { mark, ...live } = liveFrom(kind === "App" ? anApp(name) : aDatasource(name), uuid(index + 1));
  if (ownership === "foreign") return { ...live, isOwned: false };
  if (ownership === "unmarked" || mark === undefined) return live;
  const set = ownership === "ours" ? "team" : "other";
  return { ...live, mark: { ...mark, set, nonce, ...(protect && { protect }) } };
}

function entryOf(owner: Ownership, live: LiveResource, index: number): ReturnType<typeof foreignEntry> {
  const id = uuid(Number(live.uuid.slice(-12)) * 100 + index);
  if (owner === "unmarked") return foreignEntry(id);
  const name = live.name.replace("The ", "");
  const entry = { name: `e${index}`, body: { kind: "content" as const, value: "" }, metadata: {}, sha256: "old" };
  const marked = liveEntry(resourceKey("Datasource", name), entry, id);
  return owner === "ours" || marked.mark === undefined ? marked : { ...marked, mark: { ...marked.mark, set: "other" } };
}
