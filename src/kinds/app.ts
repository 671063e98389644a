import { isArray, isObject, type Json, type JsonObject, own } from "../model/json.ts";
import type { KindSpec, LiteralReference, ReferencePlace } from "../model/kind.ts";
import { type Pointer, pointer, pointerSegments } from "../model/pointer.ts";
import { isSecretName } from "../model/secret-name.ts";
import { CONNECTION, type ReferenceForm } from "../model/template.ts";

/** Members of the integration settings that servers give back in clear (llmstack-server.md 3.1). */
const INTEGRATION_SECRETS = new Set(["bot_token", "verification_token", "signing_secret", "public_key", "auth_token"]);

/** Where a processor's config refers to other objects (llmstack-server.md 4.6). */
const PROCESSOR_REFERENCES: readonly {
  readonly processors: readonly string[] | "any";
  readonly field: string;
  readonly kind: string;
  readonly form: ReferenceForm;
}[] = [
  { processors: ["promptly/text_chat"], field: "datasource", kind: "Datasource", form: "uuid" },
  { processors: ["promptly/datasource_search"], field: "datasources", kind: "Datasource", form: "uuid" },
  {
    processors: ["promptly/promptly_app", "promptly/map", "promptly/reduce"],
    field: "promptly_app",
    kind: "App",
    form: "app",
  },
  // Some twenty of them reach for a mail box, a browser, a database.
  { processors: "any", field: "connection_id", kind: CONNECTION, form: "connection" },
];

export const app: KindSpec = {
  kind: "App",
  collection: "apps",
  rank: 2,
  hasEntries: false,
  hasVersions: true,
  keyedLists: { "/processors": "id" },
  isSecretPath,
  referencePlaces,
  references,
};

function isSecretPath(path: Pointer): boolean {
  const segments = pointerSegments(path);
  const [top = "", name = ""] = segments;
  if (top.endsWith("_config") && INTEGRATION_SECRETS.has(name)) return true;
  if (top === "config" || top.endsWith("_config")) return segments.slice(1).some(isSecretName);
  if (top !== "processors") return false;
  return segments.slice(2).some((segment) => isSecretName(segment) || /^headers$/iu.test(segment));
}

function references(document: JsonObject): readonly LiteralReference[] {
  return filledPlaces(document).flatMap(({ value, ...place }) => {
    const uuid = typeof value === "string" ? uuidIn(value, place.form) : undefined;
    return uuid === undefined ? [] : [{ ...place, uuid }];
  });
}

function referencePlaces(document: JsonObject): readonly ReferencePlace[] {
  return filledPlaces(document).map(({ pointer: path, kind, form }) => ({ pointer: path, kind, form }));
}

type FilledPlace = ReferencePlace & { readonly value: unknown };

function filledPlaces(document: JsonObject): readonly FilledPlace[] {
  return [...processorPlaces(document), ...inputPlaces(document)];
}

function processorPlaces(document: JsonObject): readonly FilledPlace[] {
  const processors = own(document, "processors");
  if (!isArray<Json>(processors)) return [];
  return processors.flatMap((processor, index) => {
    if (!isObject(processor) || !isObject(processor["config"])) return [];
    const { config, provider_slug: provider, processor_slug: name } = processor;
    const slug = typeof provider === "string" && typeof name === "string" ? `${provider}/${name}` : "";
    return PROCESSOR_REFERENCES.filter(({ processors: slugs }) => slugs === "any" || slugs.includes(slug)).flatMap(
      ({ field, kind, form }) => places(config[field], pointer("processors", index, "config", field), kind, form),
    );
  });
}

function inputPlaces(document: JsonObject): readonly FilledPlace[] {
  const fields = own(document, "input_fields");
  if (!isArray<Json>(fields)) return [];
  return fields.flatMap((field, index) => {
    const at = pointer("input_fields", index, "default");
    if (!isObject(field)) return [];
    if (field["type"] === "datasource") return places(field["default"], at, "Datasource", "uuid");
    return field["type"] === "connection" ? places(field["default"], at, CONNECTION, "connection") : [];
  });
}

function places(value: unknown, path: Pointer, kind: string, form: ReferenceForm): readonly FilledPlace[] {
  if (isArray<unknown>(value)) return value.flatMap((item, index) => places(item, `${path}/${index}`, kind, form));
  return value === undefined ? [] : [{ pointer: path, kind, form, value }];
}

function uuidIn(value: string, form: ReferenceForm): string | undefined {
  const found = form !== "app" ? /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/iu.exec(value) : APP_UUID.exec(value);
  return found?.at(-1)?.toLowerCase();
}

/** An app-to-app reference is a JSON text; only the callee's uuid is looked for. */
const APP_UUID = /"promptly_app_uuid"\s*:\s*"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"/iu;
