import * as fc from "fast-check";
import { expect, it } from "vitest";
import type { Policy } from "../../src/model/plan.ts";
import { isArray } from "../../src/model/json.ts";
import type { Resource } from "../../src/model/resource.ts";
import { isTemplateObject, type Template, type TemplateObject } from "../../src/model/template.ts";
import { onEveryReferenceServer } from "../support/contract.ts";
import { leftIn, troubleIn } from "../support/dialect-world.ts";
import { desiredResources } from "../support/plan-arbitraries.ts";

const all: Partial<Policy> = {
  allowEmpty: true,
  prune: true,
  adopt: true,
  allowReplace: true,
  maxDeletes: { percent: 100 },
};

/** Generated documents hold what manifests may not: numbers that no server keeps, and anything for an object. */
const resources = desiredResources.map((generated) =>
  generated.map((resource): Resource => {
    const { input_fields: fields, processors, ...document } = resource.document;
    return {
      ...resource,
      document: {
        ...tame(document),
        ...(isArray<Template>(fields) && {
          input_fields: fields.map((field) => ({ name: "x", default: tameAny(field) })),
        }),
        ...(isArray<Template>(processors) && { processors: processors.map(tameProcessor) }),
      },
      // Generated entries are texts, so only datasources of texts can have them.
      ...(resource.type === "url" && { entries: [] }),
    };
  }),
);

/** Some processors are known to servers, which fill their settings up and drop what they do not know. */
const SLUGS: Readonly<Record<string, string>> = { _inputs1: "text_chat", search: "datasource_search" };

function tameProcessor(processor: Template): Template {
  const { id = "", config = null } = isTemplateObject(processor) ? processor : {};
  const settings = isTemplateObject(config) ? tame(config) : { value: tameAny(config) };
  const slug = (typeof id === "string" ? SLUGS[id] : undefined) ?? "unheard_of";
  return { id, provider_slug: "promptly", processor_slug: slug, config: settings };
}

function tame(value: TemplateObject): TemplateObject {
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, tameAny(item)]));
}

function tameAny(value: Template): Template {
  if (typeof value === "number") return Math.abs(value) > 1e15 ? Math.sign(value) : value;
  if (isArray<Template>(value)) return value.map(tameAny);
  return isTemplateObject(value) ? tame(value) : value;
}

/** What a plan leaves to people is not what a run could have done. */
function isWork(line: string): boolean {
  return !line.startsWith("hold ");
}

onEveryReferenceServer((open) => {
  it("whatever manifests ask for, and then ask for instead: a plan after an apply leaves nothing to do", async () => {
    const arbitrary = fc.tuple(resources, resources);
    await fc.assert(
      fc.asyncProperty(arbitrary, async ([first, second]) => {
        const world = await open();
        expect(troubleIn(await world.sync(first, all)).filter((line) => !line.endsWith(": held "))).toEqual([]);
        expect(leftIn(await world.plan(first, all, { versionReads: "everywhere" }))).toEqual([]);
        // What was held back by a reference may go once the referrer is gone; that settles in one more run.
        for (const _ of [1, 2]) {
          const trouble = troubleIn(await world.sync(second, all));
          expect(trouble.filter((line) => !line.endsWith(": held "))).toEqual([]);
        }
        const left = leftIn(await world.plan(second, all, { versionReads: "everywhere" }));
        expect(left.filter(isWork)).toEqual([]);
      }),
      { numRuns: 20 },
    );
  });
});
