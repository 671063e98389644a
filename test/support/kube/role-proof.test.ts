import { describe, expect, it } from "vitest";
import { grants } from "../../../scripts/deploy/grants.ts";
import type { AuditEvent } from "./audit-log.ts";
import { USERS } from "./credentials.ts";
import { proveRole } from "./role-proof.ts";

const NAMESPACE_OF = { watched: "shop", own: "llmstack-sync", default: "default", cluster: "" };

/** One request for each right. */
const everything: readonly AuditEvent[] = grants.flatMap(({ in: place, group, resources, verbs }) =>
  resources.flatMap((resource) =>
    verbs.map((verb) => asked({ verb, group, resource, namespace: NAMESPACE_OF[place] })),
  ),
);

function asked(about: Partial<AuditEvent>): AuditEvent {
  const nothing = { group: "", resource: "", namespace: "", name: "", uri: "", at: "", isForbidden: false };
  return { ...nothing, verb: "get", user: USERS.operator.name, code: 200, ...about };
}

describe("the proof of a role", () => {
  it("is empty for a life that used every right", () => {
    expect(proveRole(everything)).toEqual({ missing: [], unused: [] });
  });

  it("names a right that was not used, and one that was missed", () => {
    const life = everything.filter(({ verb, resource }) => verb !== "patch" || resource !== "clusterservers/status");
    const refused = asked({
      verb: "delete",
      group: "llmstack.ai",
      resource: "apps",
      namespace: "shop",
      code: 403,
      isForbidden: true,
    });
    expect(proveRole([...life, refused, refused])).toEqual({
      missing: ["shop delete apps"],
      unused: ["cluster patch clusterservers/status"],
    });
  });

  it("does not count what somebody else asked, or in vain", () => {
    const others = everything.map((event) => ({ ...event, user: "admin" }));
    const inVain = everything.map((event) => ({ ...event, code: 403, isForbidden: true }));
    const rights = proveRole(others).unused;
    expect(rights).toHaveLength(everything.length);
    expect(proveRole(inVain).unused).toEqual(rights);
  });
});
