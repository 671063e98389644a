import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { docRules } from "../../src/client/dialects/doc/rules.ts";
import { kinds } from "../../src/kinds/index.ts";
import type { DialectRules } from "../../src/model/dialect.ts";
import type { Json } from "../../src/model/json.ts";
import { isArray, isObject } from "../../src/model/json.ts";
import { completeList, type LiveResource, type LiveState } from "../../src/model/live.ts";
import { isEmptyPlan, type Plan, type Policy } from "../../src/model/plan.ts";
import type { Resource } from "../../src/model/resource.ts";
import { isTemplateObject, Secret, type Template } from "../../src/model/template.ts";
import { makePlan } from "../../src/plan/make-plan.ts";
import { savePlan } from "../../src/plan/saved-plan.ts";
import { LiveModel } from "../support/live-model.ts";
import { desiredResources, SECRET_PREFIX, strangers } from "../support/plan-arbitraries.ts";
import { desiredState, planInput, rulesWith, summary } from "../support/plan-builders.ts";

const all: Partial<Policy> = { prune: true, adopt: true, allowReplace: true, maxDeletes: { percent: 100 } };
const fixedTypes = rulesWith("App", { fixed: ["/type_slug", "/description"] });
const nothing = planInput({}).live;

function planFor(
  desired: readonly Resource[],
  live: LiveState,
  policy: Partial<Policy> = all,
  rules: DialectRules = docRules,
): Plan {
  return makePlan({ ...planInput({ desired, policy, rules }), live });
}

function model(live: LiveState, rules: DialectRules = docRules): LiveModel {
  return new LiveModel(live, { rules, kinds });
}

/** What a plan leaves to people: a plan that is empty but for these has converged. */
function withoutHolds({ changes }: Plan): readonly string[] {
  return changes.filter(({ op }) => op !== "keep" && op !== "hold").map(({ op, key }) => `${op} ${key}`);
}

describe("apply, then plan", () => {
  it("is empty after a first apply to an empty server", () => {
    fc.assert(
      fc.property(desiredResources, (desired) => {
        const server = model(nothing);
        server.apply(planFor(desired, nothing));
        const next = planFor(desired, server.state());
        expect(summary(next)).toEqual([]);
        expect(isEmptyPlan(next)).toBe(true);
      }),
    );
  });

  it("is empty after any change of manifests, but for what was held", () => {
    fc.assert(
      fc.property(desiredResources, desiredResources, strangers, (first, second, live) => {
        const server = model(live, fixedTypes);
        server.apply(planFor(first, server.state(), all, fixedTypes));
        server.apply(planFor(second, server.state(), all, fixedTypes));
        // What was held back by a reference may go once the referrer is gone; that settles in one more run.
        server.apply(planFor(second, server.state(), all, fixedTypes));
        expect(withoutHolds(planFor(second, server.state(), all, fixedTypes))).toEqual([]);
      }),
    );
  });

  it("converges after a kill at any write", () => {
    fc.assert(
      fc.property(desiredResources, desiredResources, fc.nat(12), (first, second, writes) => {
        const server = model(nothing, fixedTypes);
        server.apply(planFor(first, nothing, all, fixedTypes));
        server.apply(planFor(second, server.state(), all, fixedTypes), writes);
        for (let run = 0; run < 2; run += 1) server.apply(planFor(second, server.state(), all, fixedTypes));
        expect(withoutHolds(planFor(second, server.state(), all, fixedTypes))).toEqual([]);
      }),
    );
  });
});

describe("the order of manifests, of live objects and of keys", () => {
  it("never changes a byte of the plan", () => {
    fc.assert(
      fc.property(desiredResources, strangers, (desired, live) => {
        const server = model(live);
        server.apply(planFor(desired.slice(1), live));
        const state = server.state();
        const bytes = (resources: readonly Resource[], objects: LiveState): string =>
          JSON.stringify(savePlan(planFor(resources, objects), desiredState(resources), kinds));
        const other = desired.toReversed().map(reversedKeys);
        expect(bytes(other, reversed(state))).toBe(bytes(desired, state));
      }),
    );
  });
});

describe("no plan", () => {
  it("deletes what carries no mark of the set, or names it itself", () => {
    fc.assert(
      fc.property(desiredResources, strangers, (desired, live) => {
        const server = model(live);
        server.apply(planFor(desired, live));
        const isExclusive = desired.some(({ entriesPolicy }) => entriesPolicy === "Exclusive");
        for (const gone of server.deleted) {
          if (gone.mark?.set === "team") continue;
          // Without our mark only a datasource goes whose every entry is ours, or an entry of an Exclusive one.
          const entries = live.entries.get(gone.uuid)?.items ?? [];
          const isProven = entries.length > 0 && entries.every(({ mark }) => mark?.set === "team");
          expect("kind" in gone ? gone.mark === undefined && isProven : isExclusive).toBe(true);
        }
      }),
    );
  });

  it("deletes anything that is protected, foreign or another set's", () => {
    fc.assert(
      fc.property(desiredResources, strangers, (desired, live) => {
        const server = model(live, fixedTypes);
        server.apply(planFor(desired, live, all, fixedTypes));
        const objects = server.deleted.filter((gone) => "kind" in gone);
        expect(objects.filter(({ isOwned, mark }) => !isOwned || mark?.protect)).toEqual([]);
      }),
    );
  });

  it("deletes anything at all without --prune and --allow-replace, but the old half of a changed entry", () => {
    fc.assert(
      fc.property(desiredResources, desiredResources, strangers, (first, second, live) => {
        const server = model(live);
        server.apply(planFor(first, live, {}));
        server.apply(planFor(second, server.state(), {}));
        expect(server.deleted.filter((gone) => "kind" in gone)).toEqual([]);
      }),
    );
  });

  it("shows a secret value, in a change, a note or its saved form", () => {
    fc.assert(
      fc.property(desiredResources, desiredResources, strangers, (first, second, live) => {
        const server = model(live);
        server.apply(planFor(first, live));
        const plan = planFor(second, server.state());
        const shown = [
          savePlan(plan, desiredState(second), kinds),
          plan.changes.map(({ fields }) => fields),
          plan.notes,
          plan.refusals,
        ];
        expect(knownValues(second).filter((value) => JSON.stringify(shown).includes(value))).toEqual([]);
      }),
    );
  });
});

/** Secret values of these manifests: those of earlier ones are nobody's secret to a plan that never saw them. */
function knownValues(resources: readonly Resource[]): readonly string[] {
  const values = new Set<string>();
  const visit = (template: Template): void => {
    if (template instanceof Secret) values.add(template.reveal());
    else if (typeof template === "string" && template.startsWith(SECRET_PREFIX)) values.add(template);
    else if (isArray<Template>(template)) template.forEach(visit);
    else if (isTemplateObject(template)) Object.values(template).forEach(visit);
  };
  for (const { document } of resources) visit(document);
  return [...values];
}

function reversed(live: LiveState): LiveState {
  return {
    resources: new Map(
      [...live.resources]
        .toReversed()
        .map(([kind, { items }]) => [kind, completeList(items.toReversed().map(reversedObject))]),
    ),
    entries: new Map([...live.entries].toReversed().map(([id, { items }]) => [id, completeList(items.toReversed())])),
  };
}

function reversedObject(live: LiveResource): LiveResource {
  return { ...live, document: reversedJson(live.document) };
}

function reversedKeys(resource: Resource): Resource {
  return {
    ...resource,
    document: reversedTemplate(resource.document),
    dependsOn: resource.dependsOn.toReversed(),
    ...(resource.entries !== undefined && { entries: resource.entries.toReversed() }),
  };
}

function reversedTemplate<T extends Template>(template: T): T {
  if (isArray<Template>(template)) return template.map(reversedTemplate) as unknown as T;
  if (!isTemplateObject(template)) return template;
  return Object.fromEntries(
    Object.entries(template)
      .toReversed()
      .map(([name, value]) => [name, reversedTemplate(value)]),
  ) as T;
}

function reversedJson<T extends Json>(json: T): T {
  if (isArray<Json>(json)) return json.map(reversedJson) as unknown as T;
  if (!isObject(json)) return json;
  return Object.fromEntries(
    Object.entries(json)
      .toReversed()
      .map(([name, value]) => [name, reversedJson(value as Json)]),
  ) as unknown as T;
}
