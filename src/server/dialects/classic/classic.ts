import { DATASOURCE_KEYS, legacyAppKeys } from "../real/answer-keys.ts";
import { APP_TYPE_ROWS } from "../real/apps/app-types.ts";
import { FILE, PDF, SINGLESTORE, TEXT, URL_TEMPLATE, WEAVIATE } from "../real/data/templates.ts";
import type { Era } from "../real/era.ts";
import { catalogue } from "../real/processors/catalogue.ts";
import type { RealDialect } from "../real/real-dialect.ts";

const V0_1_4: Era = {
  release: "v0.1.4",
  apps: {
    keys: legacyAppKeys(["icon", "store_uuid"]),
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
    create: "type",
    custom: "refused",
    templates: [TEXT, URL_TEMPLATE, PDF, FILE, WEAVIATE, SINGLESTORE],
    keys: DATASOURCE_KEYS,
    access: "owner",
    refresh: "405",
    entries: "entry_data",
    extraData: "ignored",
    textContent: "optional",
    resync: "accepted",
  },
  routes: {
    put: "stray",
    appTypes: "served",
    store: "none",
    sheets: "none",
    pipeline: "none",
    upsert: "works",
    later: "with-jobs",
  },
  processors: catalogue("gpt-3.5-turbo"),
};

/** Before v0.0.29 (6.3): a PATCH resets what it does not name, and there is no stray PUT. */
const V0_0_28: Era = {
  ...V0_1_4,
  release: "v0.0.28",
  apps: { ...V0_1_4.apps, image: "as-sent", publishOnCreate: "ignored" },
  patch: { ...V0_1_4.patch, base: "defaults" },
  routes: { ...V0_1_4.routes, put: "none" },
};

/** The last with asynchronous entries (6.3). */
const V0_0_25: Era = {
  ...V0_0_28,
  release: "v0.0.25",
  data: { ...V0_0_28.data, entries: "entry_data async" },
  routes: { ...V0_0_28.routes, upsert: "none", later: "none" },
};

/** v0.0.25 to v0.1.4 (llmstack-server.md 6.3, 6.4). */
export const classic: RealDialect = {
  kind: "real",
  name: "classic",
  title: "LLMStack v0.0.25 to v0.1.4",
  releases: [V0_1_4, V0_0_28, V0_0_25],
};
