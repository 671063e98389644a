import { expect, it } from "vitest";
import type { JsonObject } from "../../src/model/json.ts";
import { Secret, type TemplateObject } from "../../src/model/template.ts";
import { fieldsOf } from "../support/compare-fields.ts";

const OLD = "the-value-before-the-rotation";
const rotated = new Secret({ $env: "KEY" }, "the-value-after-it");

it.each<{ says: string; desired: TemplateObject; live: JsonObject }>([
  {
    says: "another item before it",
    desired: { config: { l: ["first", rotated] } },
    live: { config: { l: [OLD] } },
  },
  {
    says: "an item less before it",
    desired: { config: { l: [rotated] } },
    live: { config: { l: ["first", OLD] } },
  },
  {
    says: "objects around it",
    desired: {
      config: {
        l: [
          { name: "a", value: "plain" },
          { name: "b", value: rotated },
        ],
      },
    },
    live: { config: { l: [{ name: "b", value: OLD }] } },
  },
])("a secret that was rotated and got $says does not show its old value", ({ desired, live }) => {
  const fields = fieldsOf(desired, live);
  expect(fields.length).toBeGreaterThan(0);
  expect(JSON.stringify(fields)).not.toContain(OLD);
});
