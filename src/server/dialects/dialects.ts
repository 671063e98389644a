import type { Dialect } from "../route.ts";
import { classic } from "./classic/classic.ts";
import { doc } from "./doc/doc.ts";
import { pipeline } from "./pipeline/pipeline.ts";
import type { RealDialect } from "./real/real-dialect.ts";
import { slug } from "./slug/slug.ts";
import { versioned } from "./versioned/versioned.ts";

/** Every dialect this server speaks. Adding one is adding a folder and a row. */
export const dialects = { doc, versioned, pipeline, slug, classic } satisfies Readonly<
  Record<string, Dialect | RealDialect>
>;

export type DialectName = keyof typeof dialects;
