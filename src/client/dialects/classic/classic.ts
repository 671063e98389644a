import { CLASSIC, EARLY_CLASSIC } from "../real/era.ts";
import { realDialect } from "../real/real-dialect.ts";

const ROUTE = "/api/datasources";

/** Datasources are made by the number of their type. A stray handler tells later releases from earlier (6.4). */
export const classic = realDialect({
  name: "classic",
  servers: "LLMStack v0.0.25 to v0.1.4",
  newest: CLASSIC,
  eraOf: async (http, signal) => {
    const { status } = await http.probe(ROUTE, signal);
    return status === 500
      ? { era: CLASSIC, by: `OPTIONS ${ROUTE} answered 500` }
      : { era: EARLY_CLASSIC, by: `OPTIONS ${ROUTE} answered ${status}` };
  },
});
