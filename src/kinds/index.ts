import type { KindSpec } from "../model/kind.ts";
import { app } from "./app.ts";
import { datasource } from "./datasource.ts";

/** Every kind, needed first. Adding a kind is adding a row here. */
export const kinds: readonly KindSpec[] = [datasource, app];
