import { rm } from "node:fs/promises";
import { expect, it, onTestFinished } from "vitest";
import { kinds } from "../../src/kinds/index.ts";
import { exportFiles } from "../../src/manifest/write/export-files.ts";
import type { DesiredState, Resource } from "../../src/model/resource.ts";
import { resourceKey } from "../../src/model/resource.ts";
import { Reference } from "../../src/model/template.ts";
import { readEverything, readSoundDesired } from "../../src/pipeline.ts";
import { openDirectory } from "../../src/source/directory.ts";
import { wantEntry } from "../support/apply-world.ts";
import { folderWith } from "../support/cli-io.ts";
import { type ContractWorld, onEveryReferenceServer } from "../support/contract.ts";
import { leftIn, troubleIn } from "../support/dialect-world.ts";

/** Everything that is live, written as manifests and read again. */
async function exported(world: ContractWorld): Promise<{ readonly texts: string; readonly desired: DesiredState }> {
  const live = await readEverything(world.client, 4, new AbortController().signal);
  const { files } = exportFiles(live, { kinds, rules: world.client.rules, set: world.set, schemaBase: "schemas" });
  const folder = await folderWith(Object.fromEntries(files.map(({ path, text }) => [path, text])));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const source = await openDirectory([folder], { cwd: folder, readStdin: () => Promise.resolve("") });
  const values = { env: () => "stand-in", secretFiles: new Map<string, string>(), missingSecrets: "error" as const };
  return { texts: files.map(({ text }) => text).join("\n"), desired: (await readSoundDesired(source, values)).desired };
}

function callingApp(world: ContractWorld): Resource {
  const key = resourceKey("App", "callee");
  const app = world.app("caller");
  const processor = {
    id: "_inputs1",
    provider_slug: "promptly",
    processor_slug: "promptly_app",
    config: { promptly_app: new Reference(key, "app") },
  };
  return { ...app, document: { ...app.document, processors: [processor] }, dependsOn: [key] };
}

onEveryReferenceServer((open) => {
  it("what is exported plans empty, with references by key", async () => {
    const world = await open();
    const docs = world.datasource("docs", { entries: [wantEntry("a", "one")] });
    expect(
      troubleIn(
        await world.sync([docs, world.app("bot", { uses: [docs.key] }), world.app("callee"), callingApp(world)]),
      ),
    ).toEqual([]);
    const { texts, desired } = await exported(world);
    expect([...desired.keys()]).toEqual(["App/bot", "App/callee", "App/caller", "Datasource/docs"]);
    expect(texts).toContain("$ref: App/callee");
    expect(texts).toContain("$ref: Datasource/docs");
    expect(leftIn(await world.plan(desired))).toEqual([]);
  });

  it("what a person made is exported, adopted, and plans empty", async () => {
    const world = await open();
    await world.appByHand("bot");
    const { desired } = await exported(world);
    const adopting = await world.plan(desired, { adopt: true });
    expect(adopting.changes.map(({ op }) => op)).toEqual(["adopt"]);
    expect(troubleIn(await world.apply(adopting))).toEqual([]);
    expect(leftIn(await world.plan(desired))).toEqual([]);
  });
});
