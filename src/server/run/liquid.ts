import type { Liquid } from "liquidjs";
import { isArray, isObject, type Json, type JsonObject } from "../../model/json.ts";
import { unreadable } from "../refusal.ts";

/** Renders LLMStack's templates. Throws Refusal that names the place of a template that cannot be rendered. */
export interface Templates {
  /** The value with every template in its strings rendered. */
  render(value: Json, scope: JsonObject, place: string): Json;
  /** Names of the variables that the templates in the value read. */
  variables(value: Json, place: string): readonly string[];
}

let loaded: Promise<Templates> | undefined;

/** Loads the Liquid engine on its first use. */
export function loadTemplates(): Promise<Templates> {
  return (loaded ??= createTemplates());
}

async function createTemplates(): Promise<Templates> {
  const { Liquid: Engine } = await import("liquidjs");
  // No file system, no prototypes, and an end to everything: templates come from whoever may create an app.
  const liquid = new Engine({
    templates: {},
    ownPropertyOnly: true,
    parseLimit: 1e7,
    renderLimit: 5000,
    memoryLimit: 1e8,
  });
  addLlmstackFilters(liquid);
  const renderText = (text: string, scope: JsonObject, place: string): string =>
    hasTemplate(text) ? attempt(place, () => String(liquid.parseAndRenderSync(modern(text), { ...scope }))) : text;
  return {
    render: (value, scope, place) => mapTexts(value, (text) => renderText(text, scope, place)),
    variables: (value, place) => {
      const texts = textsIn(value).filter(hasTemplate);
      return texts.flatMap((text) => attempt(place, () => liquid.globalVariablesSync(modern(text))));
    },
  };
}

/** The filters that LLMStack adds to Liquid's own (llmstack-server.md 4.5); those on HTML and XML are not played. */
function addLlmstackFilters(liquid: Liquid): void {
  liquid.registerFilter("urlencode", (value: unknown) => encodeURIComponent(asText(value)));
  liquid.registerFilter("tojson", (value: unknown) => JSON.stringify(value ?? null));
  liquid.registerFilter("tostring", asText);
  liquid.registerFilter("todict", (value: unknown): unknown => (typeof value === "string" ? JSON.parse(value) : value));
  liquid.registerFilter("escape_unicode", (value: unknown) =>
    JSON.stringify(asText(value))
      .slice(1, -1)
      .replaceAll(/[^ -~]/gu, escape),
  );
}

function escape(character: string): string {
  return Array.from({ length: character.length }, (_, index) => {
    const unit = character.charCodeAt(index).toString(16).padStart(4, "0");
    return `\\u${unit}`;
  }).join("");
}

function asText(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** `_inputs[1].x` is how old apps write `_inputs1.x`. */
function modern(text: string): string {
  return text.replaceAll(/\b_inputs\[(\d+)\]/gu, "_inputs$1");
}

function hasTemplate(text: string): boolean {
  return text.includes("{{") || text.includes("{%");
}

function attempt<T>(place: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw unreadable(`The template in ${place} cannot be rendered: ${error instanceof Error ? error.message : "?"}`);
  }
}

function mapTexts(value: Json, map: (text: string) => string): Json {
  if (typeof value === "string") return map(value);
  if (isArray<Json>(value)) return value.map((item) => mapTexts(item, map));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapTexts(item, map)]));
}

function textsIn(value: Json): readonly string[] {
  if (typeof value === "string") return [value];
  if (isArray<Json>(value)) return value.flatMap(textsIn);
  return isObject(value) ? Object.values(value).flatMap(textsIn) : [];
}
