import type { Visibility } from "../../../../model/resource.ts";

/** Who may see a published app, and the number that it goes by on the wire (llmstack-server.md 2.7). */
export const VISIBILITIES: readonly (readonly [Visibility, number])[] = [
  ["private", 0],
  ["organization", 1],
  ["unlisted", 2],
  ["public", 3],
];
