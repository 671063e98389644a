import { digest } from "../model/digest.ts";
import { type Json, own } from "../model/json.ts";
import { Reference, resolve, Secret, SECRET, type Template } from "../model/template.ts";
import type { CompareScope, Place } from "./compare-scope.ts";
import type { Difference } from "./difference.ts";
import { shownDesired, shownLive, symbolicDesired } from "./display.ts";

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
  const key = desired instanceof Reference ? scope.references.keyOf(desired.form, live) : undefined;
  if (key !== undefined) return { $ref: key };
  return shownLive(live, livePath, scope);
}

/** True where the server is known to have `live` once it is sent `desired`: by the dialect's rules, or by the mark. */
export function isExplained(
  desired: Template | undefined,
  live: Json | undefined,
  { path, livePath }: Place,
  scope: CompareScope,
): boolean {
  const { rules, spec, document } = scope;
  const pair = scope.kept === undefined ? undefined : own(scope.kept, path);
  const isKept = pair !== undefined && digest(live ?? null) === pair[1];
  const sent = sentFor(desired, scope);
  if (sent === undefined) return false;
  if (isKept && digest(sent) === pair[0]) return true;
  return desired !== undefined && rules.isServerRewrite(spec.kind, livePath, { sent, got: live }, document);
}

/** What a write would send; undefined while a reference in it stands for nothing yet. */
function sentFor(desired: Template | undefined, { references }: CompareScope): Json | undefined {
  let isKnown = true;
  const sent = resolve(desired ?? null, (reference) => {
    const wire = references.wireOf(reference);
    isKnown &&= wire !== undefined;
    return wire ?? null;
  });
  return isKnown ? sent : undefined;
}
