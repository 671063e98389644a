import type { KindSpec } from "../model/kind.ts";
import type { Note, Plan, Policy, Target } from "../model/plan.ts";
import type { DesiredState, Resource } from "../model/resource.ts";
import { isArray } from "../model/json.ts";
import { canonicalJson, sha256 } from "../model/digest.ts";
import { isTemplateObject, Secret, type Template, type TemplateObject } from "../model/template.ts";
import { idealRules, idealState } from "./ideal-server.ts";
import { makePlan } from "./make-plan.ts";

/** Two sets of manifests, and whose they are. */
export interface Between {
  readonly base: DesiredState;
  readonly head: DesiredState;
  readonly kinds: readonly KindSpec[];
  /** Of it only `set` and `only` count: nothing is written, so nothing needs to be allowed. */
  readonly policy: Policy;
  readonly target: Target;
}

/**
 * What leads from one set of manifests to another, as a plan against a server that is exactly as the first one asks:
 * manifests that are gone are prunes, whether or not an apply would be allowed to delete. No server has a part in it.
 */
export function planBetween({ base, head, kinds, policy, target }: Between): Plan {
  const [before, after] = [comparable(base), comparable(head)];
  const plan = makePlan({
    desired: after,
    live: idealState(before, after, { kinds, set: policy.set }),
    rules: idealRules(kinds),
    kinds,
    policy: allowing(policy),
    target,
  });
  return { ...plan, policy, notes: [...plan.notes, ...pruneNote(plan, policy)] };
}

function allowing({ set, only }: Policy): Policy {
  return {
    set,
    only,
    isSetImplicit: false,
    prune: true,
    adopt: true,
    allowReplace: true,
    allowEmpty: true,
    discardDrafts: true,
    maxDeletes: { percent: 100 },
  };
}

/** A resource that names a live object outright has none here; a secret is its source and a digest. */
function comparable(desired: DesiredState): DesiredState {
  return new Map([...desired].map(([key, resource]) => [key, comparableResource(resource)]));
}

function comparableResource(resource: Resource): Resource {
  const made: Mutable<Resource> = { ...resource, document: withSources(resource.document) };
  delete made.uuid;
  return made;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

function withSources(object: TemplateObject): TemplateObject {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, withSource(value)]));
}

function withSource(value: Template): Template {
  if (value instanceof Secret) {
    return new Secret(value.source, canonicalJson([{ ...value.source }, sha256(value.reveal())]));
  }
  if (isArray<Template>(value)) return value.map(withSource);
  return isTemplateObject(value) ? withSources(value) : value;
}

function pruneNote({ counts }: Plan, { prune }: Policy): readonly Note[] {
  if (counts.prune === 0 || prune) return [];
  return [
    { code: "between/prune", message: "What no manifest names any more is deleted by an apply with --prune only." },
  ];
}
