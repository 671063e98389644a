import type { Dialect } from "../dialect.ts";
import { docClient } from "./doc-client.ts";
import { docRules } from "./rules.ts";

export const doc: Dialect = {
  name: "doc",
  servers: "the documented API, as the reference server speaks it",
  rules: docRules,
  open: (http, server) => Promise.resolve(docClient(http, server)),
};
