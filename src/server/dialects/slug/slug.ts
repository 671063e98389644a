import { DATASOURCE_KEYS, legacyAppKeys } from "../real/answer-keys.ts";
import { APP_TYPE_ROWS } from "../real/apps/app-types.ts";
import { FILE, PDF, SINGLESTORE, TEXT, URL_TEMPLATE, WEAVIATE } from "../real/data/templates.ts";
import type { Era } from "../real/era.ts";
import { catalogue } from "../real/processors/catalogue.ts";
import type { RealDialect } from "../real/real-dialect.ts";

const V0_2_0: Era = {
  release: "v0.2.0",
  apps: {
    keys: legacyAppKeys(["icon"]),
    types: APP_TYPE_ROWS,
    typeKeys: ["app_type", "type_slug"],
    unknownType: "404",
    icon: "none",
    image: "stored",
    dataVersion: "absent",
    description: "of-creation",
    legacyProcessors: "null",
    foreign: "404",
    readers: "lists",
    publishedBy: "owner",
    publishOnCreate: "honoured",
    run: "lenient",
    webhooks: "of-apps",
    backends: "api_provider",
  },
  // 2.10: merged from a draft only; without one every key must be there.
  patch: { base: "draft", live: "new-version", emptyConfig: "replaces", processors: "expanded" },
  data: {
    create: "type_slug",
    custom: "refused",
    templates: [TEXT, URL_TEMPLATE, FILE, PDF, WEAVIATE, SINGLESTORE],
    keys: DATASOURCE_KEYS,
    access: "owner",
    refresh: "405",
    entries: "entry_data piped",
    extraData: "ignored",
    textContent: "optional",
    resync: "not-implemented",
  },
  routes: {
    put: "none",
    appTypes: "served",
    store: "fails",
    sheets: "none",
    pipeline: "none",
    upsert: "gone",
    later: "served",
  },
  processors: catalogue("gpt-4o-mini"),
};

/** v0.1.5 to v0.2.0 (llmstack-server.md 6.3, 6.4). */
export const slug: RealDialect = {
  kind: "real",
  name: "slug",
  title: "LLMStack v0.1.5 to v0.2.0",
  releases: [V0_2_0],
};
