import { SyncError } from "../model/errors.ts";
import type { MaxDeletes, Op, Policy, Target } from "../model/plan.ts";
import type { DesiredState } from "../model/resource.ts";
import { digestOfIds } from "./change-id.ts";
import {
  asFlag,
  asList,
  asNumber,
  asObject,
  asOneOf,
  asOptional,
  asText,
  isAbsent,
  member,
  type Node,
} from "./decode.ts";
import { asKey, parseSavedResource, type SavedPlanInputs } from "./parse-saved-resource.ts";
import type { Reviewed } from "./restrict.ts";
import { PLAN_SCHEMA_VERSION } from "./saved-plan.ts";

/** A plan file, read: what was wanted, under which flags, against what, and which changes somebody looked at. */
export interface SavedPlan extends Reviewed {
  readonly target: Target;
  readonly policy: Policy;
  readonly digest: string;
  readonly desired: DesiredState;
}

/**
 * Reads what `savePlan` wrote. Throws SyncError `invalid_manifest` when it is something else, of another version, or was
 * edited; whatever `inputs` throw where a secret or file is missing.
 */
export function parseSavedPlan(value: unknown, inputs: SavedPlanInputs): SavedPlan {
  const root: Node = { value, path: "" };
  assertPlanFile(root);
  const target = parseTarget(member(root, "target"));
  const resources = asList(member(root, "resources"), (node) => parseSavedResource(node, inputs));
  const changes = asList(member(root, "changes"), (node) => ({
    id: asText(member(node, "id")),
    key: asKey(member(node, "key")),
    op: asOneOf(member(node, "op"), OPS),
  }));
  const digest = asText(member(root, "digest"));
  const ids = changes.filter(({ op }) => op !== "keep").map(({ id }) => id);
  if (digestOfIds(ids) !== digest) throw refused("its digest is not that of its changes, so somebody edited it");
  return {
    target,
    policy: parsePolicy(member(root, "policy")),
    digest,
    desired: new Map(resources.map(({ resource }) => [resource.key, resource])),
    changes,
    unsavable: new Set(resources.filter(({ isUnsavable }) => isUnsavable).map(({ resource }) => resource.key)),
  };
}

const OPS: readonly Op[] = ["create", "update", "replace", "adopt", "prune", "hold", "keep"];

function assertPlanFile(root: Node): void {
  asObject(root);
  if (member(root, "kind").value !== "Plan") throw refused("it is no plan (kind: Plan)");
  const version = member(root, "schemaVersion").value;
  if (version === PLAN_SCHEMA_VERSION) return;
  throw refused(
    `its schemaVersion is ${JSON.stringify(version) ?? "missing"}, and this program reads ${PLAN_SCHEMA_VERSION}`,
  );
}

function parseTarget(node: Node): Target {
  if (!isAbsent(member(node, "base"))) throw refused("it compares manifests with manifests, and is for no server");
  const account = asOptional(member(node, "account"), asText);
  const revision = asOptional(member(node, "revision"), asText);
  const tree = asOptional(member(node, "tree"), asText);
  return {
    server: asText(member(node, "server")),
    dialect: asText(member(node, "dialect")),
    ...(account !== undefined && { account }),
    set: asText(member(node, "set")),
    source: asText(member(node, "source")),
    ...(revision !== undefined && { revision }),
    ...(tree !== undefined && { tree }),
  };
}

function parsePolicy(node: Node): Policy {
  const maxDeletes = asOptional(member(node, "maxDeletes"), parseMaxDeletes);
  const takeOver = asOptional(member(node, "takeOver"), asText);
  return {
    set: asText(member(node, "set")),
    isSetImplicit: asFlag(member(node, "isSetImplicit")),
    prune: asFlag(member(node, "prune")),
    adopt: asFlag(member(node, "adopt")),
    allowReplace: asFlag(member(node, "allowReplace")),
    allowEmpty: asFlag(member(node, "allowEmpty")),
    discardDrafts: asFlag(member(node, "discardDrafts")),
    ...(maxDeletes !== undefined && { maxDeletes }),
    only: asList(member(node, "only"), asText),
    ...(takeOver !== undefined && { takeOver }),
  };
}

function parseMaxDeletes(node: Node): MaxDeletes {
  const count = member(node, "count");
  return isAbsent(count) ? { percent: asNumber(member(node, "percent")) } : { count: asNumber(count) };
}

function refused(why: string): SyncError {
  return new SyncError("invalid_manifest", `This plan file cannot be used: ${why}.`, {
    remedy: "Save the plan again with `plan --out FILE`.",
  });
}
