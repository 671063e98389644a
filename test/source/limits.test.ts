import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openDirectory } from "../../src/source/directory.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "limits-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it("what is far more than manifests come to is refused, before it fills the memory", async () => {
  const large = "# ".padEnd(10 * 1024 * 1024 - 1, "x");
  for (let index = 0; index < 13; index += 1) await writeFile(join(folder, `${index}.yaml`), large);
  await expect(openDirectory([folder], { cwd: folder, readStdin: () => Promise.resolve("") })).rejects.toMatchObject({
    class: "usage",
    message: expect.stringMatching(/13 .*128 MiB/u) as string,
  });
});

it("links back to where they stand cost nothing, however many there are", async () => {
  await writeFile(join(folder, "a.yaml"), "a");
  for (let index = 0; index < 500; index += 1) await symlink(".", join(folder, `link-${index}`));
  const { files } = await openDirectory([folder], { cwd: folder, readStdin: () => Promise.resolve("") });
  expect(files.map(({ text }) => text)).toEqual(["a"]);
});
