import { classic } from "./classic/classic.ts";
import type { Dialect } from "./dialect.ts";
import { doc } from "./doc/doc.ts";
import { pipeline } from "./pipeline/pipeline.ts";
import { slug } from "./slug/slug.ts";
import { versioned } from "./versioned/versioned.ts";

/** Every dialect. Adding one is adding a folder and its row here. */
export const dialects: readonly Dialect[] = [doc, versioned, pipeline, slug, classic];
