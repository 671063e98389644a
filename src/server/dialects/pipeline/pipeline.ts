import { DATASOURCE_KEYS, legacyAppKeys, PIPELINE_KEYS } from "../real/answer-keys.ts";
import { APP_TYPE_ROWS } from "../real/apps/app-types.ts";
import { FILE, PDF, SINGLESTORE, TEXT, URL_TEMPLATE, WEAVIATE } from "../real/data/templates.ts";
import type { Era } from "../real/era.ts";
import { catalogue } from "../real/processors/catalogue.ts";
import type { RealDialect } from "../real/real-dialect.ts";

const V0_2_5: Era = {
  release: "v0.2.5",
  apps: {
    keys: legacyAppKeys([]),
    types: APP_TYPE_ROWS,
    typeKeys: ["app_type", "type_slug"],
    unknownType: "404",
    icon: "stored",
    image: "stored",
    dataVersion: "injected",
    description: "of-data",
    legacyProcessors: "null",
    foreign: "403",
    readers: "organisation",
    publishedBy: "writers",
    publishOnCreate: "honoured",
    run: "lenient",
    webhooks: "of-apps",
    backends: "api_provider",
  },
  // 2.10: the one row is written again, and a draft PATCH takes the live version down.
  patch: { base: "draft-or-live", live: "overwritten", emptyConfig: "keeps", processors: "expanded" },
  data: {
    create: "pipeline",
    custom: "kept",
    templates: [TEXT, URL_TEMPLATE, FILE, PDF, WEAVIATE, SINGLESTORE],
    keys: [...DATASOURCE_KEYS, ...PIPELINE_KEYS],
    access: "owner",
    refresh: "kept",
    entries: "source_data",
    extraData: "required",
    textContent: "required",
    resync: "rebuilds",
  },
  routes: {
    put: "none",
    appTypes: "served",
    store: "served",
    sheets: "served",
    pipeline: "served",
    upsert: "gone",
    later: "served",
  },
  processors: catalogue("gpt-4o-mini"),
};

/** Before v0.2.4 (6.3): datasources show no pipeline and take neither PATCH nor `custom`, extra_data is no matter. */
const V0_2_3: Era = {
  ...V0_2_5,
  release: "v0.2.3",
  data: {
    ...V0_2_5.data,
    custom: "refused",
    keys: DATASOURCE_KEYS,
    refresh: "405",
    extraData: "ignored",
    textContent: "optional",
  },
  routes: { ...V0_2_5.routes, store: "fails", sheets: "none" },
};

/** An empty config still replaces the old one (2.5). */
const V0_2_1: Era = { ...V0_2_3, release: "v0.2.1", patch: { ...V0_2_3.patch, emptyConfig: "replaces" } };

/** v0.2.1 to v0.2.5 (llmstack-server.md 6.3, 6.4). */
export const pipeline: RealDialect = {
  kind: "real",
  name: "pipeline",
  title: "LLMStack v0.2.1 to v0.2.5",
  releases: [V0_2_5, V0_2_3, V0_2_1],
};
