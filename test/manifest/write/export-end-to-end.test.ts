import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { connect } from "../../../src/client/connect.ts";
import { kinds } from "../../../src/kinds/index.ts";
import { type Exported, exportFiles } from "../../../src/manifest/write/export-files.ts";
import type { JsonObject } from "../../../src/model/json.ts";
import { pointerSegments } from "../../../src/model/pointer.ts";
import { readEverything } from "../../../src/pipeline.ts";
import { createServer, type ReferenceServer } from "../../../src/server/create-server.ts";
import { A_POLICY, leftToDo, wholePlan, wholeRun } from "../../support/whole-run.ts";

let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "export-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function exportTo(server: ReferenceServer): Promise<{ exported: Exported; env: Record<string, string> }> {
  const { signal } = new AbortController();
  const transport = async (request: Request): Promise<Response> => server.handle(request);
  const connection = { url: "http://llmstack.test", token: server.token, timeoutMs: 5_000, transport };
  const client = await connect(connection, signal);
  const live = await readEverything(client, 4, signal);
  const exported = exportFiles(live, { kinds, rules: client.rules, set: A_POLICY.set });
  for (const { path, text } of exported.files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  const apps = live.resources.get("App")?.items ?? [];
  const env = exported.variables.map(({ name, key, pointer }): [string, string] => {
    const app = apps.find(({ mark }) => mark?.key === key);
    return [name, String(valueAt(app?.document ?? {}, pointer))];
  });
  return { exported, env: Object.fromEntries(env) };
}

function valueAt(document: JsonObject, pointer: string): unknown {
  return pointerSegments(pointer).reduce<unknown>(
    (value, segment) => (value as Readonly<Record<string, unknown>>)[segment],
    document,
  );
}

const SECRETS = { TICKETS_AUTHORIZATION: "Bearer sesame" };

describe("export, then plan", () => {
  it.each(["quickstart", "one-app", "references", "docs-folder", "own-yaml"])(
    "is empty for what examples/%s made",
    async (name) => {
      const server = createServer({ dialect: "doc" });
      expect((await wholeRun(resolve("examples", name), server)).error).toBeUndefined();
      const { exported } = await exportTo(server);
      expect(exported.notes).toEqual([]);
      expect(leftToDo(await wholePlan(folder, server))).toEqual([]);
      server.close();
    },
  );

  it.each(["portable", "support-bot"])(
    "is empty for examples/%s but for the digests in marks: its secrets have other names now",
    async (name) => {
      const server = createServer({ dialect: "doc" });
      expect((await wholeRun(resolve("examples", name), server, { env: SECRETS })).error).toBeUndefined();
      const { exported, env } = await exportTo(server);
      expect(JSON.stringify(exported)).not.toContain("sesame");
      const { changes } = await wholePlan(folder, server, { env });
      const fields = changes.flatMap((change) => change.fields.map(({ pointer }) => pointer));
      expect(new Set(fields)).toEqual(new Set(["/x-llmstack-sync/sha256"]));
      expect((await wholeRun(folder, server, { env })).error).toBeUndefined();
      expect(leftToDo(await wholePlan(folder, server, { env }))).toEqual([]);
      server.close();
    },
  );
});
