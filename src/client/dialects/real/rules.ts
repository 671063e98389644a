import type { DialectRules } from "../../../model/dialect.ts";
import { pointerSegments } from "../../../model/pointer.ts";
import { capabilitiesOf } from "./capabilities.ts";
import type { Era } from "./era.ts";
import { type Catalogue, NO_CATALOGUE } from "./processors/catalogue.ts";
import { formatReference, parseReference } from "./references.ts";
import { isAppDefault, isAppRewrite, isDatasourceDefault, isDatasourceRewrite } from "./server-values.ts";

/** What a plan asks about servers of an era. They know defaults of processors as soon as the catalogue does. */
export function realRules(era: Era, catalogue: Pick<Catalogue, "schemas"> = NO_CATALOGUE): DialectRules {
  const known = { era, catalogue };
  return {
    name: era.dialect,
    capabilities: capabilitiesOf(era),
    formatReference,
    parseReference,
    isServerDefault: (kind, pointer, value, document) => {
      const found = { segments: pointerSegments(pointer), value, document };
      if (kind === "App") return isAppDefault(found, known);
      return kind === "Datasource" && isDatasourceDefault(found);
    },
    isServerRewrite: (kind, pointer, values, document) => {
      const rewritten = { segments: pointerSegments(pointer), ...values, document };
      if (kind === "App") return isAppRewrite(rewritten, known);
      return kind === "Datasource" && isDatasourceRewrite(rewritten, known);
    },
  };
}
