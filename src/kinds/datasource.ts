import type { KindSpec } from "../model/kind.ts";
import { pointerSegments } from "../model/pointer.ts";
import { isSecretName } from "../model/secret-name.ts";

export const datasource: KindSpec = {
  kind: "Datasource",
  collection: "datasources",
  rank: 1,
  hasEntries: true,
  hasVersions: false,
  keyedLists: {},
  isSecretPath: (path) => {
    const [top, ...rest] = pointerSegments(path);
    return top === "pipeline" && rest.some(isSecretName);
  },
  referencePlaces: () => [],
  references: () => [],
};
