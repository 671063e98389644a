/**
 * Measures the promises of docs/performance.md as ratios to what this machine can do in the same run. Prints a table
 * and then the same as JSON. Exits 1 when a budget is exceeded, so that a person who asked hears of it; CI does not run
 * it, because its machines are noisy.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildBaselines } from "./baseline.ts";
import { isOver, renderTable, type Row } from "./report.ts";
import { applyWrites } from "./scenarios/apply.ts";
import { readFromGit } from "./scenarios/git.ts";
import { startUp, validateFiles } from "./scenarios/offline.ts";
import { planNoOp } from "./scenarios/plan.ts";

const bin = join(import.meta.dirname, "../dist/bin.js");
const folder = await mkdtemp(join(tmpdir(), "llmstack-sync-bench-"));
buildBaselines();
try {
  const scenarios: readonly (() => Promise<readonly Row[]>)[] = [
    async () => [await startUp(bin)],
    async () => [await validateFiles(bin, folder, 1000)],
    async () => [await planNoOp(bin, folder, 1000)],
    async () => [await planNoOp(bin, folder, 10_000)],
    () => applyWrites(bin, folder, 200),
    async () => [await readFromGit(folder)],
  ];
  const rows: Row[] = [];
  for (const scenario of scenarios) {
    const measured = await scenario();
    rows.push(...measured);
    for (const { name } of measured) process.stderr.write(`${name}: done\n`);
  }
  process.stdout.write(`${renderTable(rows)}\n\n`);
  process.stdout.write(`${JSON.stringify({ schemaVersion: 1, node: process.version, rows }, null, 2)}\n`);
  process.exitCode = rows.some(isOver) ? 1 : 0;
} finally {
  await rm(folder, { recursive: true, force: true });
}
