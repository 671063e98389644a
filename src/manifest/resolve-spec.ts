import { isArray, isObject, type Json, type JsonObject } from "../model/json.ts";
import { type Pointer, pointer } from "../model/pointer.ts";
import type { ReferenceForm, Template, TemplateObject } from "../model/template.ts";
import type { FoundDirective } from "./find-directives.ts";
import type { Manifest } from "./manifest.ts";
import { referenceOf } from "./reference-of.ts";
import { type Resolution, resolveText } from "./resolve-directive.ts";

/** A spec with its directives resolved and its escaped keys plain. Entries are left out: they are built by themselves. */
export function resolveSpec(
  manifest: Manifest,
  formAt: (pointer: Pointer) => ReferenceForm,
  resolution: Resolution,
): TemplateObject {
  const { entries, ...spec } = manifest.spec;
  if (!manifest.hasDollarKey) return entries === undefined ? manifest.spec : spec;
  const directives = new Map(manifest.directives.map((directive) => [directive.pointer, directive]));
  const resolveOne = (directive: FoundDirective): Template =>
    directive.name === "$ref"
      ? referenceOf(directive.argument, formAt(directive.pointer))
      : (resolveText(manifest.site, directive, resolution) ?? null);
  return resolveObject(spec, "/spec", directives, resolveOne);
}

type Directives = ReadonlyMap<Pointer, FoundDirective>;
type ResolveOne = (directive: FoundDirective) => Template;

function resolveValue(value: Json, at: Pointer, directives: Directives, resolveOne: ResolveOne): Template {
  if (isArray<Json>(value)) {
    return value.map((item, index) => resolveValue(item, `${at}/${index}`, directives, resolveOne));
  }
  if (!isObject(value)) return value;
  const directive = directives.get(at);
  return directive === undefined ? resolveObject(value, at, directives, resolveOne) : resolveOne(directive);
}

function resolveObject(value: JsonObject, at: Pointer, directives: Directives, resolveOne: ResolveOne): TemplateObject {
  const entries = Object.entries(value);
  const isAlone = entries.length === 1;
  return Object.fromEntries(
    entries.map(([key, item]) => {
      const plain = isAlone && key.startsWith("$$") ? key.slice(1) : key;
      return [plain, resolveValue(item, at + pointer(key), directives, resolveOne)];
    }),
  );
}
