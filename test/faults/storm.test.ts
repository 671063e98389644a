import { rm } from "node:fs/promises";
import { array, assert, asyncProperty, constantFrom, integer, tuple } from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FaultEffect } from "../../src/server/faults/faults.ts";
import { folderWith } from "../support/cli-io.ts";
import { startServer } from "../support/server-requests.ts";
import { leftToDo, wholePlan, wholeRun } from "../support/whole-run.ts";
import { FIRST } from "./ten-objects.ts";

const OPTIONS = { env: { CLERK_KEY: "not-a-real-key" } };

const effects: readonly FaultEffect[] = [
  { kind: "lost", when: "before-commit" },
  { kind: "lost", when: "after-commit" },
  { kind: "answer", status: 500, body: "html", when: "after-commit" },
  { kind: "answer", status: 503, body: "empty", when: "before-commit", retryAfterSeconds: 0 },
  { kind: "truncated", end: "clean" },
];

/** Faults that strike by chance among the first 60 requests, then the weather clears. */
const storm = array(tuple(integer({ min: 0, max: 59 }), constantFrom(...effects)), { maxLength: 25 });

describe("a bad day on the network", () => {
  let folder: string;

  beforeAll(async () => {
    folder = await folderWith(FIRST);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("never leaves two of anything, and a plain run afterwards converges", async () => {
    await assert(
      asyncProperty(storm, async (strikes) => {
        const faults = strikes.map(([index, effect]) => ({ pick: { from: index, to: index }, effect }));
        const api = startServer({ faults });
        while (api.server.journal().length < 60) await wholeRun(folder, api.server, OPTIONS);
        const plain = await wholeRun(folder, api.server, OPTIONS);
        expect(plain.error?.message).toBeUndefined();
        expect(leftToDo(await wholePlan(folder, api.server, OPTIONS))).toEqual([]);
        expect(await duplicates(api)).toEqual([]);
      }),
      { numRuns: 25 },
    );
  });

  it("two runs at the same time end with one of each", async () => {
    for (let round = 0; round < 10; round += 1) {
      const api = startServer({ latencyMs: round % 3 });
      await Promise.all([wholeRun(folder, api.server, OPTIONS), wholeRun(folder, api.server, OPTIONS)]);
      const plain = await wholeRun(folder, api.server, OPTIONS);
      expect(plain.error?.message).toBeUndefined();
      expect(leftToDo(await wholePlan(folder, api.server, OPTIONS)), `round ${round}`).toEqual([]);
      expect((await duplicates(api)).filter(({ path }) => path === "/api/apps")).toEqual([]);
    }
  });
});

/** Names that a collection holds more than once. */
async function duplicates(api: ReturnType<typeof startServer>): Promise<readonly { path: string; name: string }[]> {
  const found = await Promise.all(
    ["/api/apps", "/api/datasources"].map(async (path) => {
      const { json } = await api.send("GET", path);
      const names = (json as readonly { readonly name: string }[]).map(({ name }) => name);
      return names.filter((name, index) => names.indexOf(name) !== index).map((name) => ({ path, name }));
    }),
  );
  return found.flat();
}
