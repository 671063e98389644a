import { bodyFieldOfType } from "../../src/manifest/entry-body.ts";
import type { JsonObject } from "../../src/model/json.ts";

function cel(rule: string, message: string, fieldPath?: string): JsonObject {
  return { rule, message, ...(fieldPath !== undefined && { fieldPath }) };
}

const validations = (...rules: readonly JsonObject[]): JsonObject => ({ "x-kubernetes-validations": rules });

/** Of an App or a Datasource as a whole. */
export const resource: JsonObject = validations(
  cel(
    "self.metadata.name.matches('^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$')",
    "metadata.name must be 1 to 63 lower-case letters, digits and hyphens: it is the key of the object",
  ),
  cel(
    [
      "!has(self.spec.uuid)",
      "!has(oldSelf.status) || !has(oldSelf.status.uuid)",
      "self.spec.uuid.lowerAscii() == oldSelf.status.uuid.lowerAscii()",
      "(has(oldSelf.spec.uuid) && self.spec.uuid == oldSelf.spec.uuid)",
    ].join(" || "),
    "spec.uuid cannot mean another live object than the one in status.uuid; make a resource of another name for it",
  ),
);

/** The name in the marks cannot change under the objects that carry it, in neither direction of presence. */
export const fixedSet: JsonObject = validations(
  cel(
    "has(self.set) == has(oldSelf.set) && (!has(self.set) || self.set == oldSelf.set)",
    "set cannot be added, changed or removed: live objects are marked with it",
    ".set",
  ),
);

/** Entries are merged by their name, so that two field managers can each keep some. */
export const entries: JsonObject = { "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"] };

const types = Object.keys(bodyFieldOfType);

/** What an entry holds has no fixed type, and CEL sees no such fields: which of them is there is said by `required`. */
export const datasourceSpec: JsonObject = {
  anyOf: [
    { properties: { type: { not: { enum: types } } } },
    ...Object.entries(Object.groupBy(types, (type) => bodyFieldOfType[type] ?? "")).map(([field, ofField]) => ({
      properties: { type: { enum: ofField ?? [] }, entries: { items: { required: [field] } } },
    })),
  ],
  ...validations(
    cel(
      "self.type == oldSelf.type || (has(self.policies) && has(self.policies.replace) && self.policies.replace == 'Allow')",
      "type cannot be changed in place: with policies.replace: Allow the live datasource is deleted and made anew",
      ".type",
    ),
  ),
};
