import type { Dialect } from "./dialect.ts";
import { doc } from "./doc/doc.ts";

/** Every dialect. Adding one is adding a folder and its row here. */
export const dialects: readonly Dialect[] = [doc];
