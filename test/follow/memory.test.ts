import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { memoryIn } from "../../src/follow/memory.ts";

let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "follow-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

const APPLIED = { ref: "refs/heads/main", commit: "a".repeat(40) };

it("remembers the commit that was applied last, for each follower alone", async () => {
  await memoryIn(join(folder, "new"), ["repository", "server"]).remember(APPLIED);
  expect(await memoryIn(join(folder, "new"), ["repository", "server"]).recall()).toEqual(APPLIED);
  expect(await memoryIn(join(folder, "new"), ["repository", "other server"]).recall()).toBeUndefined();
});

it("leaves nothing but the one file, however often it remembers", async () => {
  const memory = memoryIn(folder, ["a"]);
  for (let count = 0; count < 5; count += 1) await memory.remember(APPLIED);
  expect(await readdir(folder)).toHaveLength(1);
});

it.each(["", "{", "[]", '{"ref":"refs/heads/main","commit":"../../etc"}', '{"ref":"refs/heads/main","commit":1}'])(
  "takes a damaged file (%j) for none",
  async (text) => {
    const memory = memoryIn(folder, ["a"]);
    await memory.remember(APPLIED);
    const [name = ""] = await readdir(folder);
    await writeFile(join(folder, name), text);
    expect(await memory.recall()).toBeUndefined();
  },
);
