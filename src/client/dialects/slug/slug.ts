import { SLUG } from "../real/era.ts";
import { realDialect } from "../real/real-dialect.ts";

/** Datasources are made by the slug of their type, and a change of an app starts from its draft alone. */
export const slug = realDialect({
  name: "slug",
  servers: "LLMStack v0.1.5 to v0.2.0",
  newest: SLUG,
  eraOf: () => Promise.resolve({ era: SLUG, by: "" }),
});
