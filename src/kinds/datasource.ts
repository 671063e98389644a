import type { KindSpec } from "../model/kind.ts";
import { pointerSegments } from "../model/pointer.ts";

const SECRET_NAME = /^(?:.*[-_])?(?:api[-_]?keys?|tokens?|secrets?|passwords?|authorization|credentials?)$/iu;

export const datasource: KindSpec = {
  kind: "Datasource",
  collection: "datasources",
  rank: 1,
  hasEntries: true,
  keyedLists: {},
  isSecretPath: (path) => {
    const [top, ...rest] = pointerSegments(path);
    return top === "pipeline" && rest.some((segment) => SECRET_NAME.test(segment));
  },
  referencePlaces: () => [],
  references: () => [],
};
