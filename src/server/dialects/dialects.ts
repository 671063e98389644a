import type { Dialect } from "../route.ts";
import { doc } from "./doc/doc.ts";

/** Every dialect this server speaks. Adding one is adding a folder and a row. */
export const dialects = { doc } satisfies Readonly<Record<string, Dialect>>;

export type DialectName = keyof typeof dialects;
