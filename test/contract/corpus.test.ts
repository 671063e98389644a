import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import glob from "fast-glob";
import { load } from "js-yaml";
import { describe, expect, it } from "vitest";
import type { DesiredState, Resource } from "../../src/model/resource.ts";
import { readSoundDesired } from "../../src/pipeline.ts";
import { openDirectory } from "../../src/source/directory.ts";
import type { JsonObject } from "../../src/model/json.ts";
import { type ContractWorld, onEveryReferenceServer, withDocument } from "../support/contract.ts";
import { leftIn, troubleIn } from "../support/dialect-world.ts";

const project = fileURLToPath(new URL("../..", import.meta.url));
const corpus = join(project, "../shared/corpus");

/** Real apps and templates, folder by folder, where somebody keeps them beside the project; else our own in that form. */
const real = [
  ...new Set((await glob("*/{apps,templates}/*.yml", { cwd: corpus })).map((path) => join(corpus, path, ".."))),
];
const folders = [...real, join(project, "examples/own-yaml")];

/** A type of datasource as LLMStack's own files write it. */
interface PipelineFile {
  readonly slug: string;
  readonly pipeline: JsonObject;
}

const OWN: PipelineFile = {
  slug: "text",
  pipeline: {
    source: { slug: "text", provider_slug: "promptly" },
    transformations: [{ slug: "splitter", provider_slug: "unstructured" }],
    embedding: { slug: "embeddings-generator", provider_slug: "promptly" },
    destination: { slug: "vector-store", provider_slug: "promptly" },
  },
};

const pipelines: readonly PipelineFile[] = [
  OWN,
  ...(await Promise.all(
    (await glob("*/pipelines/*.yml", { cwd: corpus })).map(
      async (path) => load(await readFile(join(corpus, path), "utf8")) as PipelineFile,
    ),
  )),
];

async function desiredIn(folder: string): Promise<DesiredState> {
  const source = await openDirectory([folder], { cwd: folder, readStdin: () => Promise.resolve("") });
  const values = { env: () => "stand-in", secretFiles: new Map<string, string>(), missingSecrets: "error" as const };
  return (await readSoundDesired(source, values)).desired;
}

/** Every resource with one value changed, so that each of them is written once more. */
function changed(desired: DesiredState): DesiredState {
  const reworded = ({ description }: Resource["document"]): string => `${JSON.stringify(description)}, reworded`;
  return new Map(
    [...desired].map(([key, resource]) => [
      key,
      resource.kind === "App" ? withDocument(resource, { description: reworded(resource.document) }) : resource,
    ]),
  );
}

onEveryReferenceServer((open) => {
  describe("real files", () => {
    it.each(folders)("of %s apply, plan empty, and do so again after one value of each was changed", async (folder) => {
      const world = await open();
      const desired = await desiredIn(folder);
      expect(desired.size).toBeGreaterThan(0);
      for (const wanted of [desired, changed(desired)]) {
        expect(troubleIn(await world.sync(wanted))).toEqual([]);
        expect(leftIn(await world.plan(wanted, {}, { versionReads: "everywhere" }))).toEqual([]);
        world.reference.requests();
        await world.sync(wanted);
        expect(world.reference.requests().filter((request) => !request.startsWith("GET"))).toEqual([]);
      }
    });

    it.each(pipelines)("of pipelines, $slug, make a datasource, or say why not", async ({ slug, pipeline }) => {
      const world = await open();
      const name = `Of ${slug}`;
      const wanted = [world.datasource("of-it", { name, type: slug, document: { name, type: slug, pipeline } })];
      const known = await fatesOn(world);
      world.reference.requests();
      const trouble = troubleIn(await world.sync(wanted)).join();
      const left = leftIn(await world.plan(wanted)).join();
      const writes = world.reference.requests().filter((request) => request.startsWith("POST"));
      const fate = known.get(slug) ?? known.get("any other type");
      expect({ writes, words: `${trouble} / ${left}` }).toEqual({
        writes: fate === MADE ? ["POST /api/datasources"] : [],
        words: expect.stringMatching(fate ?? /^$/u) as unknown,
      });
    });
  });
});

const MADE = /^ \/ $/u;
const REFUSED = /its type "\w+" is none of/u;
const HELD = /hold unsupported Datasource\/of-it: .*\/pipeline/u;

/** What is to become of datasources with a pipeline of their own there, by type: made, held or refused, in words. */
async function fatesOn(world: ContractWorld): Promise<ReadonlyMap<string, RegExp>> {
  const { kinds } = world.client.rules.capabilities;
  if (kinds["Datasource"]?.unsupported.includes("/pipeline") === true) return new Map([["any other type", HELD]]);
  const { json } = await world.byHand("GET", "/api/datasource_types");
  const made = (json as readonly { slug: string }[]).map(({ slug }) => [slug, MADE] as const);
  return new Map([...made, ["any other type", REFUSED] as const]);
}
