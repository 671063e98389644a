import type { DialectRules } from "../model/dialect.ts";
import type { JsonObject } from "../model/json.ts";
import type { KindSpec } from "../model/kind.ts";
import type { Mark } from "../model/mark.ts";
import { pointer, type Pointer } from "../model/pointer.ts";
import type { ReferenceForm, Secret } from "../model/template.ts";
import type { References } from "./references.ts";

/** What a comparison of one resource with its live object looks up. */
export interface CompareScope {
  readonly spec: KindSpec;
  readonly rules: DialectRules;
  /** The live document as a whole: rules about defaults look around in it. */
  readonly document: JsonObject;
  /** What the server is known to keep differently, from the mark. */
  readonly kept: Mark["kept"];
  readonly references: References;
  readonly isSecret: (path: Pointer) => boolean;
  /** Places where whatever is live counts as wanted. */
  readonly keepLive?: readonly Pointer[];
  /** True for a secret whose value may be another one than was written last: only an equal live value is in sync. */
  readonly isRotated?: (secret: Secret) => boolean;
  /** True for a live text that is, or may be, a secret although it stands at no known secret place. */
  readonly isSecretText: (text: string) => boolean;
  /** Where references stand in the live document. */
  readonly liveReferences: () => ReadonlyMap<Pointer, ReferenceForm>;
}

/** A place on both sides: items of keyed lists stand at different indexes. `path` counts as desired does. */
export interface Place {
  readonly path: Pointer;
  readonly livePath: Pointer;
}

export const ROOT: Place = { path: "", livePath: "" };

export function placeIn({ path, livePath }: Place, segment: string | number, liveSegment = segment): Place {
  return { path: path + pointer(segment), livePath: livePath + pointer(liveSegment) };
}
