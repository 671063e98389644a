import type { Json } from "../model/json.ts";
import type { LiveResource } from "../model/live.ts";
import { pinsWhatRuns, referenceTargetOf } from "../model/reference-target.ts";
import type { ResourceKey } from "../model/resource.ts";
import type { Reference, ReferenceForm } from "../model/template.ts";
import { memoize, once } from "./collections.ts";
import type { Context } from "./context.ts";
import { isSameOnWire } from "./same-on-wire.ts";

/** What a reference to a resource stands for: an object, one that apply will make, or none. */
export type ReferenceState =
  | {
      readonly status: "there";
      readonly live: LiveResource;
      /** This plan changes what runs of it, so what references to it say beside its uuid is known only then. */
      readonly isMoving: boolean;
    }
  | { readonly status: "pending" | "missing" };

/** What a comparison asks about references. */
export interface References {
  /** True where `live` is what the reference is to be. */
  isSame(reference: Reference, live: Json): boolean;
  /** What it is to be on the wire; undefined while only apply will know it. */
  wireOf(reference: Reference): Json | undefined;
  /** What a wire value of that form refers to, where it says nothing that a manifest would have to say. */
  keyOf(form: ReferenceForm, live: Json): ResourceKey | undefined;
}

interface Lookup {
  readonly context: Context;
  readonly stateOf: (key: ResourceKey) => ReferenceState;
  readonly keyOfUuid: (uuid: string) => ResourceKey | undefined;
  /** Hears of every object whose versions a reference pins and nobody looked at. */
  readonly onUnread: (uuid: string) => void;
}

export function makeReferences({ context, stateOf, keyOfUuid, onUnread }: Lookup): References {
  const { rules } = context;
  const pins = memoize((form: ReferenceForm) => pinsWhatRuns(form, rules));
  const connectionOfId = once(() => new Map([...context.connections()].map(([key, id]) => [id, key] as const)));
  const isUnread = ({ kind, uuid }: LiveResource): boolean =>
    context.isVersioned(kind) && context.versionsOf(uuid) === undefined;
  const wireOf = ({ form, target }: Reference): Json | undefined => {
    if (form === "connection") {
      const id = context.connections().get(target);
      return id === undefined ? undefined : rules.formatReference(form, { uuid: id });
    }
    const state = stateOf(target);
    if (state.status !== "there") return undefined;
    if (!pins(form)) return rules.formatReference(form, { uuid: state.live.uuid });
    if (isUnread(state.live)) onUnread(state.live.uuid);
    return state.isMoving ? undefined : rules.formatReference(form, referenceTargetOf(state.live));
  };
  return {
    wireOf,
    isSame: (reference, live) => {
      const wire = wireOf(reference);
      if (wire === undefined) return false;
      if (isSameOnWire(wire, live)) return true;
      // Before its versions are looked at, all that counts is that it is the right one.
      const state = stateOf(reference.target);
      if (reference.form === "connection" || state.status !== "there" || !pins(reference.form)) return false;
      return isUnread(state.live) && rules.parseReference(reference.form, live) === state.live.uuid;
    },
    keyOf: (form, live) => {
      const uuid = rules.parseReference(form, live);
      if (uuid === undefined) return undefined;
      const key = form === "connection" ? connectionOfId().get(uuid) : keyOfUuid(uuid);
      if (key === undefined || pins(form)) return key;
      return isSameOnWire(rules.formatReference(form, { uuid }), live) ? key : undefined;
    },
  };
}
