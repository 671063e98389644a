import { type Grant, grants, type Place } from "../../../scripts/deploy/grants.ts";
import type { AuditEvent } from "./audit-log.ts";
import { OPERATOR_ACCOUNT, USERS } from "./credentials.ts";

/** How the operator's role compares with what it asked for, each as `watched patch apps/status`. */
export interface RoleProof {
  /** Requests that a role refused. */
  readonly missing: readonly string[];
  /** Rights that it has and did not use. */
  readonly unused: readonly string[];
}

/**
 * Compares the audit log of a whole life of the operator (as the `operator` of a control plane) with the table that its
 * roles are made of. Watch at least one namespace beside the operator's own, or the places cannot be told apart.
 */
export function proveRole(log: readonly AuditEvent[]): RoleProof {
  const events = log.filter(({ user, resource }) => user === USERS.operator.name && resource !== "");
  // An API server that has just started refuses for a moment what it grants afterwards.
  const refused = events.filter((event) => event.isForbidden && !events.some((other) => isGrantOf(other, event)));
  const unused = grants.flatMap((grant) =>
    grant.resources.flatMap((resource) =>
      grant.verbs
        .filter((verb) => !events.some((event) => event.verb === verb && isUse(event, grant, resource)))
        .map((verb) => `${grant.in} ${verb} ${resource}`),
    ),
  );
  const missing = refused.map(({ verb, resource, namespace }) => `${namespace || "cluster"} ${verb} ${resource}`);
  return { missing: [...new Set(missing)], unused };
}

function isGrantOf(other: AuditEvent, { verb, group, resource, namespace }: AuditEvent): boolean {
  const isSame = other.verb === verb && other.group === group && other.resource === resource;
  return isSame && other.namespace === namespace && !other.isForbidden;
}

function isUse(event: AuditEvent, grant: Grant, resource: string): boolean {
  return !event.isForbidden && event.group === grant.group && event.resource === resource && IS_IN[grant.in](event);
}

const IS_IN: Readonly<Record<Place, (event: AuditEvent) => boolean>> = {
  cluster: ({ namespace }) => namespace === "",
  own: ({ namespace }) => namespace === OPERATOR_ACCOUNT.namespace,
  default: ({ namespace }) => namespace === "default",
  // All namespaces at once count, too.
  watched: ({ namespace, resource }) => namespace !== "default" || resource !== "events",
};
