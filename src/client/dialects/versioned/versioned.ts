import { VERSIONED } from "../real/era.ts";
import { realDialect } from "../real/real-dialect.ts";

/** Every change of an app is a new version, and settings of processors stay as they were sent. */
export const versioned = realDialect({
  name: "versioned",
  servers: "LLMStack v0.2.6 and later",
  newest: VERSIONED,
  eraOf: () => Promise.resolve({ era: VERSIONED, by: "" }),
});
