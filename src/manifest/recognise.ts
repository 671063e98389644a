import { isArray, isObject, type Json, type JsonObject, own } from "../model/json.ts";
import { type Pointer, pointer } from "../model/pointer.ts";
import { API_VERSION } from "./api-version.ts";
import { type Converted, fromFlatApp, fromPlainDatasource, fromTemplate, strayTemplateKeys } from "./llmstack-form.ts";
import { shapes } from "./shapes.ts";
import { didYouMean, nearest } from "./suggest.ts";

/** What a document is. `at` is the pointer of what is wrong. */
export type Recognised =
  | { readonly is: "empty" }
  | { readonly is: "resource"; readonly kind: string; readonly body: JsonObject }
  | { readonly is: "llmstack"; readonly converted: Converted; readonly strayKeys: readonly string[] }
  | { readonly is: "values"; readonly kind: "Secret" | "ConfigMap"; readonly body: JsonObject }
  | { readonly is: "list"; readonly items: readonly Json[] }
  | { readonly is: "skipped"; readonly what: string }
  | { readonly is: "unknown"; readonly at: Pointer; readonly message: string; readonly suggestion?: string };

const [GROUP = ""] = API_VERSION.split("/");
/** Kinds of our group that the operator reads, and the plans that we write ourselves. */
const OTHER_KINDS = new Set(["Server", "ClusterServer", "GitSync", "Plan"]);
const PLAIN_KEYS = new Set(["name", "slug", "description", "type", "pipeline", "entries", "entriesFrom"]);

/** Files that belong to tools by their name, whatever stands in them. */
const TOOL_FILES = /^(?:kustomization\.ya?ml|Kustomization|llmstack-sync\.ya?ml)$/u;

/** Why a file is not looked into, by its name; undefined for one that is. */
export function skippedFile(path: string): string | undefined {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return TOOL_FILES.test(name) ? name : undefined;
}

/** Tells what a document is by its own content. */
export function recognise(value: Json): Recognised {
  if (value === null) return { is: "empty" };
  if (!isObject(value)) {
    const found = Array.isArray(value) ? "a list" : "a single value";
    return { is: "unknown", at: "", message: `a manifest is an object; this document is ${found}` };
  }
  if (own(value, "apiVersion") !== undefined || own(value, "kind") !== undefined) return recogniseResource(value);
  if (own(value, "type_slug") !== undefined) {
    return { is: "llmstack", converted: fromFlatApp(value), strayKeys: [] };
  }
  const app = own(value, "app");
  if (isObject(app)) {
    return { is: "llmstack", converted: fromTemplate(value, app), strayKeys: strayTemplateKeys(value) };
  }
  if (isPlainDatasource(value)) {
    return { is: "llmstack", converted: fromPlainDatasource(value), strayKeys: [] };
  }
  return { is: "unknown", at: "", ...whatItLooksLike(value) };
}

/** Many files have a name and a type: one of ours has nothing else, or a type that some datasource has. */
function isPlainDatasource(value: JsonObject): boolean {
  const { name, type } = value;
  if (typeof type !== "string" || name === undefined) return false;
  return (
    shapes["Datasource"]?.knownTypes.includes(type) === true || Object.keys(value).every((key) => PLAIN_KEYS.has(key))
  );
}

function recogniseResource(value: JsonObject): Recognised {
  const { apiVersion, kind } = value;
  if (typeof apiVersion !== "string") {
    return { is: "unknown", at: apiVersion === undefined ? "" : "/apiVersion", ...apiVersionMissing(kind) };
  }
  if (typeof kind !== "string") {
    const message = `this document has an apiVersion and no kind`;
    return { is: "unknown", at: kind === undefined ? "" : "/kind", message };
  }
  const items = own(value, "items");
  if (kind.endsWith("List") && isArray<Json>(items) && (apiVersion === "v1" || apiVersion === API_VERSION)) {
    return { is: "list", items };
  }
  return recogniseByGroup(apiVersion, kind, value);
}

function recogniseByGroup(apiVersion: string, kind: string, value: JsonObject): Recognised {
  const group = apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.lastIndexOf("/")) : "";
  if (group === GROUP) return recogniseOurs(apiVersion, kind, value);
  if (Object.hasOwn(shapes, kind) && isMistypedGroup(group, apiVersion)) {
    const message = `apiVersion of a ${kind} is ${API_VERSION}, not ${apiVersion}`;
    return { is: "unknown", at: "/apiVersion", message, suggestion: API_VERSION };
  }
  if (apiVersion === "v1" && (kind === "Secret" || kind === "ConfigMap")) return { is: "values", kind, body: value };
  return { is: "skipped", what: `${kind} (${apiVersion})` };
}

/** A slip in the group would have a manifest skipped, and its live object pruned. */
function isMistypedGroup(group: string, apiVersion: string): boolean {
  return group === "" ? apiVersion !== "v1" : group.includes("llmstack") || nearest(group, [GROUP]) !== undefined;
}

function recogniseOurs(apiVersion: string, kind: string, value: JsonObject): Recognised {
  if (OTHER_KINDS.has(kind)) return { is: "skipped", what: `${kind} (${apiVersion})` };
  if (!Object.hasOwn(shapes, kind)) {
    const near = nearest(kind, [...Object.keys(shapes), ...OTHER_KINDS]);
    const message = `there is no kind ${kind} in ${GROUP}${didYouMean(near)}`;
    return { is: "unknown", at: "/kind", message, ...(near !== undefined && { suggestion: near }) };
  }
  if (apiVersion !== API_VERSION) {
    const message = `this version reads ${API_VERSION}, not ${apiVersion}`;
    return { is: "unknown", at: "/apiVersion", message, suggestion: API_VERSION };
  }
  return { is: "resource", kind, body: value };
}

function apiVersionMissing(kind: Json | undefined): { readonly message: string; readonly suggestion?: string } {
  const isOurs = typeof kind === "string" && Object.hasOwn(shapes, kind);
  return isOurs
    ? {
        message: `apiVersion is missing: a ${kind} says apiVersion: ${API_VERSION}`,
        suggestion: `apiVersion: ${API_VERSION}`,
      }
    : { message: "this document has a kind and no apiVersion" };
}

/** The nearest thing that it might be, and what to do about it. */
function whatItLooksLike(value: JsonObject): { readonly message: string; readonly suggestion?: string } {
  const keys = Object.keys(value);
  const has = (key: string): boolean => keys.includes(key);
  const near = keys.map((key) => [key, nearest(key, ["apiVersion", "type_slug"])] as const).find(([, name]) => name);
  if (near?.[1] !== undefined) {
    return {
      message: `nobody knows this document: is the key ${near[0]} meant to be ${near[1]}?`,
      suggestion: near[1],
    };
  }
  if (has("pipeline"))
    return {
      message:
        "this looks like a pipeline template of LLMStack, which cannot be applied: write it under spec.pipeline of a Datasource, or list the file in .llmstackignore",
    };
  if (has("processors") || has("input_fields") || has("output_template")) {
    return {
      message: "this looks like an app without its type_slug (web, text-chat, agent, ...)",
      suggestion: "type_slug: web",
    };
  }
  if (has("definition") || has("spec"))
    return { message: `this looks like a manifest without apiVersion (${API_VERSION}) and kind (App, Datasource)` };
  if (has("entries"))
    return { message: "this looks like a datasource without its name and type (text, url, file, pdf, csv, archive)" };
  const list =
    keys.length === 0
      ? "it has no keys"
      : `its keys are ${keys.slice(0, 6).join(", ")}${keys.length > 6 ? ", ..." : ""}`;
  return {
    message: `nobody knows this document (${list}): it has neither apiVersion and kind, nor type_slug, nor app, nor name and type. List the file in .llmstackignore if it is no manifest`,
  };
}

/** Pointer of an item of a List. */
export function itemPointer(list: Pointer, index: number): Pointer {
  return list + pointer("items", index);
}
