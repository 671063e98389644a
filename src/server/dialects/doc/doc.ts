import type { Dialect } from "../../route.ts";
import { appRoutes } from "./apps.ts";
import { datasourceRoutes } from "./datasources.ts";
import { entryRoutes } from "./entries.ts";
import { refuse } from "./refuse.ts";
import { runRoutes } from "./runs.ts";
import { schemas } from "./schemas.ts";

/** The documented API, taken at its word; no release of LLMStack speaks it in full. */
export const doc: Dialect = {
  name: "doc",
  title: "LLMStack API, as documented",
  description:
    "Apps, datasources and their entries, and runs of apps. Bodies are JSON, those about apps also application/yaml, " +
    "which is read as YAML 1.1. Authorization is `Token <token>`. Every path also answers HEAD where it answers GET, and OPTIONS.",
  routes: [...appRoutes, ...runRoutes, ...datasourceRoutes, ...entryRoutes],
  schemas,
  refuse,
};
