import type { Era } from "../era.ts";
import { bare, ok } from "../wire/answers.ts";
import type { Tree, TreeObject } from "../wire/tree.ts";
import type { RealCall } from "../wire/view.ts";
import type { Field, Processor } from "./catalogue.ts";

/** GET /api/apibackends: the catalogue with its JSON schemas, open to everybody (llmstack-server.md 2.1). */
export function listBackends({ era }: RealCall): Response {
  return ok(era.processors.map((processor) => backendOf(era, processor)));
}

/** GET /api/apibackends/<provider>/<slug>: by the id that the list gives. */
export function getBackend({ era, parameter }: RealCall): Response {
  const [provider, slug] = [parameter("provider"), parameter("slug")];
  const found = era.processors.find((entry) => entry.provider === provider && entry.slug === slug);
  return found === undefined ? bare(404) : ok(backendOf(era, found));
}

/** GET /api/apiproviders. */
export function listProviders({ era }: RealCall): Response {
  return ok([...new Set(era.processors.map(({ provider }) => provider))].map((slug) => providerOf(era, slug)));
}

function backendOf(era: Era, { provider, slug, name, config, input, output }: Processor): Tree {
  const required = Object.keys(config).filter((key) => config[key]?.default === undefined);
  const properties = Object.fromEntries(Object.entries(config).map(([key, field]) => [key, property(key, field)]));
  return {
    id: `${provider}/${slug}`,
    name,
    slug,
    ...PROVIDER_KEYS[era.apps.backends](provider, providerOf(era, provider)),
    description: "",
    input_schema: texts(input),
    output_schema: texts(output),
    config_schema: { type: "object", title: "Configuration", properties, ...(required.length > 0 && { required }) },
    input_ui_schema: {},
    output_ui_schema: {},
    config_ui_schema: Object.fromEntries(Object.keys(config).map((key) => [key, { "ui:label": key }])),
    output_template: { markdown: "" },
  };
}

function property(title: string, { type, default: value, isNullable, widget, enum: words }: Field): Tree {
  return {
    title,
    ...(isNullable === true ? { anyOf: [{ type }, { type: "null" }] } : { type }),
    ...(value !== undefined && { default: value }),
    ...(widget !== undefined && { widget }),
    ...(words !== undefined && { enum: words }),
  };
}

function texts(names: readonly string[]): Tree {
  return {
    type: "object",
    properties: Object.fromEntries(names.map((name) => [name, { title: name, type: "string" }])),
  };
}

const PROVIDER_KEYS: Readonly<Record<Era["apps"]["backends"], (slug: string, provider: Tree) => TreeObject>> = {
  api_provider: (_slug, provider) => ({ api_provider: provider, api_endpoint: {}, params: {} }),
  provider: (slug, provider) => ({ provider_slug: slug, provider }),
};

function providerOf({ apps }: Era, slug: string): Tree {
  if (apps.backends === "api_provider") return { name: slug, slug };
  return { name: slug, slug, has_processors: true, config_schema: null, config_ui_schema: null };
}
