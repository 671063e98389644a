import { isArray } from "../model/json.ts";
import { type Pointer, pointer } from "../model/pointer.ts";
import type { Problem } from "../model/problem.ts";
import { isTemplateObject, type Template, type TemplateObject } from "../model/template.ts";
import { own } from "../model/json.ts";
import type { Manifest } from "./manifest.ts";
import { problemAt } from "./site.ts";
import { nearest } from "./suggest.ts";

/** Quoted text in Liquid names nothing. */
const QUOTED = /"[^"]*"|'[^']*'/gu;
const INPUTS = /(?<![\w.])(_inputs?\[?([0-9]+)\]?)/gu;
/** Blocks whose text Liquid does not render. */
const UNRENDERED = /^-?\s*(raw|comment)\s*-?$/u;

/** Text fields of an app in which LLMStack renders templates. */
const RENDERED = ["config", "input", "output_template"];

/** Templates that name an `_inputsN` which no processor of the app has. */
export function checkTemplates(
  manifest: Manifest,
  definition: TemplateObject,
  ids: Iterable<string>,
): readonly Problem[] {
  const known = new Set(["_inputs0", ...ids]);
  const stated = own(definition, "processors");
  const processors = isArray<Template>(stated) ? stated : [];
  return [
    ...checkOwner(manifest, definition, () => "/spec/definition", known),
    ...processors.flatMap((processor, index) =>
      isTemplateObject(processor)
        ? checkOwner(manifest, processor, () => pointer("spec", "definition", "processors", index), known)
        : [],
    ),
  ];
}

/** Places are put into words only for texts with a fault: nearly no document has one, and all of them are looked at. */
function checkOwner(
  manifest: Manifest,
  owner: TemplateObject,
  place: () => Pointer,
  known: ReadonlySet<string>,
): readonly Problem[] {
  return RENDERED.filter((field) => namesUnknown(own(owner, field) ?? null, known)).flatMap((field) =>
    checkValue(manifest, own(owner, field) ?? null, place() + pointer(field), known),
  );
}

function checkValue(manifest: Manifest, value: Template, at: Pointer, known: ReadonlySet<string>): readonly Problem[] {
  if (typeof value === "string") return checkText(manifest, value, at, known);
  if (isArray<Template>(value))
    return value.flatMap((item, index) => checkValue(manifest, item, at + pointer(index), known));
  if (!isTemplateObject(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => checkValue(manifest, item, at + pointer(key), known));
}

function namesUnknown(value: Template, known: ReadonlySet<string>): boolean {
  if (typeof value === "string") return value.includes("_input") && unknownNames(value, known).length > 0;
  if (isArray<Template>(value)) return value.some((item) => namesUnknown(item, known));
  return isTemplateObject(value) && Object.values(value).some((item) => namesUnknown(item, known));
}

interface UnknownName {
  /** As it is written: `_inputs[3]`. */
  readonly name: string;
  /** The id it stands for: `_inputs3`. */
  readonly meant: string;
}

function unknownNames(text: string, known: ReadonlySet<string>): readonly UnknownName[] {
  const unknown = new Map<string, UnknownName>();
  for (const part of liquidParts(text)) {
    for (const [, name = "", number = ""] of part.replaceAll(QUOTED, "").matchAll(INPUTS)) {
      const meant = `_inputs${number}`;
      const isKnown = known.has(name) || (name.includes("[") && known.has(meant));
      if (!isKnown) unknown.set(name, { name, meant });
    }
  }
  return [...unknown.values()];
}

function checkText({ site }: Manifest, text: string, at: Pointer, known: ReadonlySet<string>): readonly Problem[] {
  return unknownNames(text, known).map(({ name, meant }) => {
    // `_input1` may be a variable of the template's own; `_inputs[3]` is the old way to write `_inputs3`.
    const severity = name === meant ? "error" : "warning";
    const near = known.has(meant)
      ? meant
      : nearest(
          meant,
          [...known].filter((id) => id.startsWith("_inputs")),
        );
    const ids = [...known].join(", ");
    const message = `this template names ${name}, and no processor has that id; known are ${ids}`;
    const suggestion = near === undefined ? {} : { suggestion: near };
    return problemAt(site, at, { severity, code: "app/unknown-processor", message, words: name, ...suggestion });
  });
}

/** What stands inside outputs and tags, in order. Takes time in proportion to the text, whatever the text. */
function liquidParts(text: string): readonly string[] {
  const parts: string[] = [];
  const opener = /\{[{%]/gu;
  for (let found = opener.exec(text); found !== null; found = opener.exec(text)) {
    const isTag = found[0] === "{%";
    const end = text.indexOf(isTag ? "%}" : "}}", opener.lastIndex);
    if (end < 0) break;
    const part = text.slice(opener.lastIndex, end);
    const block = isTag ? UNRENDERED.exec(part)?.[1] : undefined;
    const close = block === undefined ? undefined : closingTag(text, block, end + 2);
    parts.push(part);
    opener.lastIndex = close ?? end + 2;
  }
  return parts;
}

/** Where the tag ends that closes a block; the end of the text where none does. */
function closingTag(text: string, block: string, from: number): number {
  const closing = new RegExp(`\\{%-?\\s*end${block}\\s*-?%\\}`, "gu");
  closing.lastIndex = from;
  return closing.exec(text) === null ? text.length : closing.lastIndex;
}
