import { CLASSIC, EARLY_CLASSIC } from "../real/era.ts";
import { realDialect, untold } from "../real/real-dialect.ts";

const ROUTE = "/api/datasources";

/** Datasources are made by the number of their type. A stray handler tells later releases from earlier (6.4). */
export const classic = realDialect({
  name: "classic",
  servers: "LLMStack v0.0.25 to v0.1.4",
  newest: CLASSIC,
  eraOf: async (http, signal) => {
    const { kind, status } = await http.probe(ROUTE, signal);
    const by = `OPTIONS ${ROUTE} answered ${status}`;
    if (status === 500) return { era: CLASSIC, by };
    if (kind === "json") return { era: EARLY_CLASSIC, by };
    throw untold(ROUTE, status, [CLASSIC, EARLY_CLASSIC]);
  },
});
