import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { GIT_SYNC_REASONS } from "../../../src/operator/git-syncs/git-sync-reasons.ts";

it("docs/git.md lists every reason with its meaning and cure", async () => {
  const page = await readFile(new URL("../../../docs/git.md", import.meta.url), "utf8");
  const rows = [...page.matchAll(/^\| (\w+) +\| (True|False|Unknown) +\| (.*?) +\| (.*?) +\|$/gmu)].map((row) =>
    row.slice(1),
  );
  const wanted = Object.entries(GIT_SYNC_REASONS).map(([reason, { ready, means, cure }]) => [
    reason,
    ready,
    means,
    cure,
  ]);
  expect(rows).toEqual(wanted);
});
