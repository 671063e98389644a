import { isObject, type JsonObject, own } from "../model/json.ts";
import { pointer } from "../model/pointer.ts";
import type { Problem } from "../model/problem.ts";
import { resourceKey } from "../model/resource.ts";
import { checkShape } from "./check-shape.ts";
import { type Findings, findDirectives } from "./find-directives.ts";
import type { Converted, Dropped } from "./llmstack-form.ts";
import type { Manifest } from "./manifest.ts";
import { shapes, type Shape } from "./shapes.ts";
import { problemAt, type Site } from "./site.ts";
import { stripMarks } from "./strip-marks.ts";
import { didYouMean, nearest } from "./suggest.ts";
import type { YamlDocument } from "./yaml/read-yaml.ts";

/** A document that is ours, as it was written. */
export type Written = { readonly kind: string; readonly body: JsonObject; readonly site: Site } & (
  | { readonly form: "resource" }
  | {
      readonly form: "llmstack";
      readonly dropped: readonly Dropped[];
      readonly keyFrom: Converted["keyFrom"];
      readonly strayKeys: readonly string[];
    }
);

const NO_FINDINGS: Findings = { directives: [], faults: [] };

/** Checks one document; undefined where not even its key is known. */
export function makeManifest(
  written: Written,
  document: Pick<YamlDocument, "hasDollarKey" | "weight">,
): { readonly manifest: Manifest | undefined; readonly problems: readonly Problem[] } {
  const { kind, site, form } = written;
  const shape = shapes[kind];
  const { body, stripped } = stripMarks(written.body);
  const notes = stripped.map((at) =>
    problemAt(site, at, {
      severity: "note",
      part: "key",
      code: "manifest/mark",
      message: "this mark of a live object was left out",
    }),
  );
  if (shape === undefined) return { manifest: undefined, problems: notes };
  const found = document.hasDollarKey ? findDirectives(body, shape) : NO_FINDINGS;
  const problems = [
    ...(written.form === "llmstack" ? formProblems(written) : []),
    ...found.faults.map(({ pointer: at, ...fault }) => problemAt(site, at, fault)),
    ...shapeProblems(written, body, found),
  ];
  const name = nameOf(body, "name");
  const spec = own(body, "spec");
  if (name === undefined || name === "") return { manifest: undefined, problems: [...notes, ...problems] };
  const isSound = !problems.some(({ severity }) => severity === "error") && isObject(spec);
  const manifest: Manifest = {
    key: resourceKey(kind, name),
    kind,
    name,
    namespace: nameOf(body, "namespace"),
    body,
    spec: isObject(spec) ? spec : {},
    site,
    directives: found.directives,
    hasDollarKey: document.hasDollarKey,
    isSound,
    form,
    weight: document.weight,
  };
  return { manifest, problems: [...notes, ...problems, ...typeProblems(manifest, shape)] };
}

function nameOf(body: JsonObject, field: "name" | "namespace"): string | undefined {
  const metadata = own(body, "metadata");
  const name = isObject(metadata) ? metadata[field] : undefined;
  return typeof name === "string" ? name : undefined;
}

function shapeProblems({ kind, site, form }: Written, body: JsonObject, found: Findings): readonly Problem[] {
  const known = found.faults.map((fault) => fault.pointer);
  return checkShape(kind, body, known, site.written).flatMap(({ pointer: at, ...fault }) =>
    // A document without metadata has its key from elsewhere, and a rule of its own for a missing one.
    form === "llmstack" && at.startsWith("/metadata") ? [] : [problemAt(site, at, fault)],
  );
}

function formProblems(written: Extract<Written, { form: "llmstack" }>): readonly Problem[] {
  const { site, dropped, keyFrom, strayKeys } = written;
  return [
    ...strayKeys.map((key) =>
      problemAt(site.asWritten(), pointer(key), {
        part: "key",
        code: "manifest/unknown-field",
        message: `a template file has no key ${key} beside app`,
      }),
    ),
    ...droppedNotes(site, dropped),
    ...keyProblems(site, keyFrom),
  ];
}

function keyProblems(site: Site, keyFrom: Converted["keyFrom"]): readonly Problem[] {
  if (keyFrom === "slug") return [];
  if (keyFrom === undefined) {
    const message = "no key can be made of this: it needs a slug, or a name with letters or digits";
    return [problemAt(site, "/metadata/name", { code: "manifest/no-key", message })];
  }
  const message = "the key is made from the name: without a slug, a new name makes a new object";
  return [problemAt(site, "/metadata/name", { severity: "warning", code: "manifest/key-from-name", message })];
}

const WHY = {
  ignored: "servers ignore these keys",
  publish: "write an App manifest with spec.publish to say who may see it",
  template: "of a template file only app is used",
} as const;

function droppedNotes(site: Site, dropped: readonly Dropped[]): readonly Problem[] {
  return (["ignored", "publish", "template"] as const).flatMap((why) => {
    const keys = dropped.filter((drop) => drop.why === why);
    const [first] = keys;
    if (first === undefined) return [];
    const message = `left out ${keys.map(({ key }) => key).join(", ")}: ${WHY[why]}`;
    return [
      problemAt(site.asWritten(), first.pointer, { severity: "note", part: "key", code: "manifest/left-out", message }),
    ];
  });
}

function typeProblems({ body, site }: Manifest, { knownTypes, typeAt }: Shape): readonly Problem[] {
  const type = typeAt.reduce<unknown>((value, key) => (isObject(value) ? value[key] : undefined), body);
  if (typeof type !== "string" || knownTypes.includes(type)) return [];
  const near = nearest(type, knownTypes);
  const message = `no server known has the type ${type}${didYouMean(near)}`;
  const suggestion = near === undefined ? {} : { suggestion: near };
  return [
    problemAt(site, pointer(...typeAt), { severity: "warning", code: "manifest/unknown-type", message, ...suggestion }),
  ];
}
