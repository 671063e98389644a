import { digest } from "../model/digest.ts";
import { type Json, own } from "../model/json.ts";
import { Reference, resolve, Secret, SECRET, type Template } from "../model/template.ts";
import type { CompareScope, Place } from "./compare-scope.ts";
import type { Difference } from "./difference.ts";
import { shownDesired, shownLive, symbolicDesired } from "./display.ts";
import { isSameOnWire } from "./same.ts";

/** What differs at one place, masked, with both sides in the words of manifests. */
export function differenceAt(
  desired: Template | undefined,
  live: Json | undefined,
  { path, livePath }: Place,
  scope: CompareScope,
): Difference {
  const isSecret = desired instanceof Secret || scope.isSecret(path) || scope.isSecret(livePath);
  return {
    field: {
      pointer: path,
      ...(live !== undefined && { before: isSecret ? SECRET : shownBefore(desired, live, livePath, scope) }),
      ...(desired !== undefined && { after: isSecret ? SECRET : shownDesired(desired, path, scope) }),
      ...(isSecret && { secret: true as const }),
    },
    ...(desired !== undefined && { symbolic: symbolicDesired(desired, path, scope) }),
    about: "document",
  };
}

/** Where a reference is to stand, a live value that is one is shown like one. */
function shownBefore(desired: Template | undefined, live: Json, livePath: string, scope: CompareScope): Json {
  if (desired instanceof Reference) {
    const uuid = scope.rules.parseReference(desired.form, live);
    const key = uuid === undefined ? undefined : scope.keyOf(uuid);
    if (key !== undefined && uuid !== undefined) {
      if (isSameOnWire(scope.rules.formatReference(desired.form, { uuid }), live)) return { $ref: key };
    }
  }
  return shownLive(live, livePath, scope);
}

/** True where the server is known to keep `live` when it is sent `desired`. */
export function isKept(
  desired: Template | undefined,
  live: Json | undefined,
  { path }: Place,
  scope: CompareScope,
): boolean {
  const pair = scope.kept === undefined ? undefined : own(scope.kept, path);
  if (pair === undefined || digest(live ?? null) !== pair[1]) return false;
  const { rules, uuidOf } = scope;
  const sent = resolve(desired ?? null, ({ form, target }) => {
    const uuid = uuidOf(target);
    return uuid === undefined ? null : rules.formatReference(form, { uuid });
  });
  return digest(sent) === pair[0];
}
