import { expect, it } from "vitest";
import { readManifests } from "../../src/manifest/read-manifests.ts";

const spec = { definition: { name: "Bot", type_slug: "web", config: { tiny: 1e-7, wide: "\u2028 yes: 😀" } } };
const bot = { apiVersion: "llmstack.ai/v1alpha1", kind: "App", metadata: { name: "bot" }, spec };

it("documents that were JSON before are taken as they are, and their problems are told by pointer", () => {
  const file = (document: object) => ({
    path: "App/bot",
    text: "",
    documents: [JSON.parse(JSON.stringify(document)) as never],
    root: "",
    directory: "",
  });
  const { manifests, problems } = readManifests([file(bot)]);
  expect(problems).toEqual([]);
  expect(manifests[0]?.spec).toEqual(spec);
  const wrong = { ...bot, spec: { definition: { ...spec.definition, nmae: "x" } } };
  expect(readManifests([file(wrong)]).problems).toMatchObject([
    { severity: "error", path: "App/bot", pointer: "/spec/definition/nmae" },
  ]);
});
