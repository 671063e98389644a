import { APP_KEYS, DATASOURCE_KEYS, PERMISSION_KEYS, PIPELINE_KEYS } from "../real/answer-keys.ts";
import { APP_TYPES } from "../real/apps/app-types.ts";
import * as templates from "../real/data/templates.ts";
import type { Era } from "../real/era.ts";
import { catalogue } from "../real/processors/catalogue.ts";
import type { RealDialect } from "../real/real-dialect.ts";

const { TEXT, URL_TEMPLATE, FILE, PDF, ARCHIVE, WEAVIATE, POSTGRES, SINGLESTORE } = templates;

const HEAD: Era = {
  release: "HEAD",
  apps: {
    keys: APP_KEYS,
    types: APP_TYPES,
    typeKeys: ["app_type", "type_slug"],
    unknownType: "poisons",
    icon: "stored",
    image: "stored",
    dataVersion: "injected",
    description: "of-data",
    legacyProcessors: "empty",
    foreign: "403",
    readers: "organisation",
    publishedBy: "writers",
    publishOnCreate: "honoured",
    run: "strict",
    webhooks: "of-their-own",
    backends: "provider",
  },
  // 2.10: a live PATCH makes a new version; 3.2: a bug keeps configs as they were sent.
  patch: { base: "draft-or-live", live: "new-version", emptyConfig: "keeps", processors: "verbatim" },
  data: {
    create: "pipeline",
    custom: "kept",
    templates: [TEXT, URL_TEMPLATE, FILE, PDF, ARCHIVE, WEAVIATE, POSTGRES, SINGLESTORE],
    keys: [...DATASOURCE_KEYS, ...PIPELINE_KEYS, ...PERMISSION_KEYS],
    access: "organisation",
    refresh: "kept",
    entries: "source_data",
    extraData: "required",
    textContent: "required",
    resync: "breaks",
  },
  routes: {
    put: "none",
    appTypes: "gone",
    store: "served",
    sheets: "served",
    pipeline: "served",
    upsert: "gone",
    later: "served",
  },
  processors: catalogue("gpt-4o-mini"),
};

/** The archive template came after v0.2.6 (5.3). */
const V0_2_6: Era = {
  ...HEAD,
  release: "v0.2.6",
  data: { ...HEAD.data, templates: HEAD.data.templates.filter((template) => template !== ARCHIVE) },
};

/** v0.2.6 and what came after (llmstack-server.md 6.3, 6.4). */
export const versioned: RealDialect = {
  kind: "real",
  name: "versioned",
  title: "LLMStack v0.2.6 and later",
  releases: [HEAD, V0_2_6],
};
