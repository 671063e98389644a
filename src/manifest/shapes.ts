import { schemas } from "../kinds/schemas/index.ts";
import { own, type JsonObject } from "../model/json.ts";
import { isTemplateObject, type Template, type TemplateObject } from "../model/template.ts";

/** How the manifests of one kind are laid out. Adding a kind is adding a row to `shapes`. */
export interface Shape {
  readonly schema: JsonObject;
  /** Where directives may stand, `*` for any one segment: the subtree of each such place. */
  readonly directives: readonly (readonly string[])[];
  /** Under which of those places a file stands for its bytes. */
  readonly bytes: readonly (readonly string[])[];
  /** Where the document that servers hold begins, within spec. */
  readonly document: readonly string[];
  /** Types that some server has; another one is a warning, since servers differ. */
  readonly knownTypes: readonly string[];
  /** Where the type stands, within the manifest. */
  readonly typeAt: readonly string[];
  /** Name, type and document out of a spec whose directives are resolved. */
  read(spec: TemplateObject, name: string): { name: string; type: string; document: TemplateObject };
}

const app: Shape = {
  schema: schemas.App,
  directives: [["spec", "definition", "*"]],
  bytes: [],
  document: ["definition"],
  knownTypes: ["web", "text-chat", "agent", "workflow", "voice-agent", "slack", "discord", "twilio", "twilio-sms"],
  typeAt: ["spec", "definition", "type_slug"],
  read(spec, name) {
    const definition = own(spec, "definition");
    const given = isTemplateObject(definition) ? definition : {};
    const document = withoutNulls(given);
    return { name: text(own(document, "name")) ?? name, type: text(own(document, "type_slug")) ?? "", document };
  },
};

const datasource: Shape = {
  schema: schemas.Datasource,
  directives: [
    ["spec", "pipeline", "*"],
    ["spec", "entries", "*", "content"],
    ["spec", "entries", "*", "url"],
    ["spec", "entries", "*", "file"],
  ],
  bytes: [["spec", "entries", "*", "file"]],
  document: [],
  knownTypes: ["text", "url", "file", "pdf", "csv", "archive", "custom", "weaviate", "postgres", "singlestore"],
  typeAt: ["spec", "type"],
  read(spec, key) {
    const name = text(own(spec, "name")) ?? key;
    const type = text(own(spec, "type")) ?? "";
    const pipeline = own(spec, "pipeline");
    return { name, type, document: { name, type, ...(isTemplateObject(pipeline) && { pipeline }) } };
  },
};

/** By kind. */
export const shapes: { readonly [kind: string]: Shape } = { App: app, Datasource: datasource };

/** A top-level null equals an absent key, and servers answer some of them with a broken row (llmstack-server.md 2.3). */
function withoutNulls(document: TemplateObject): TemplateObject {
  const entries = Object.entries(document);
  return entries.some(([, value]) => value === null)
    ? Object.fromEntries(entries.filter(([, value]) => value !== null))
    : document;
}

function text(value: Template | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}
