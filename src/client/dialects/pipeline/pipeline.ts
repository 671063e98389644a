import { EARLY_PIPELINE, PIPELINE } from "../real/era.ts";
import { realDialect, untold } from "../real/real-dialect.ts";

const ROUTE = "/api/datasources";

/** A change of an app overwrites the version that runs; what a datasource was made with is shown from v0.2.4 on. */
export const pipeline = realDialect({
  name: "pipeline",
  servers: "LLMStack v0.2.1 to v0.2.5",
  newest: PIPELINE,
  eraOf: async (http, signal) => {
    const { allow, kind, status } = await http.probe(ROUTE, signal);
    if (kind !== "json") throw untold(ROUTE, status, [PIPELINE, EARLY_PIPELINE]);
    return allow.includes("PATCH")
      ? { era: PIPELINE, by: `OPTIONS ${ROUTE} allows PATCH` }
      : { era: EARLY_PIPELINE, by: `OPTIONS ${ROUTE} does not allow PATCH` };
  },
});
