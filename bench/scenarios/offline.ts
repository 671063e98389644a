import { join } from "node:path";
import { writeApps } from "../manifests.ts";
import { bestOfEach, expectCode, runNode } from "../measure.ts";
import { baseline } from "../baseline.ts";
import type { Row } from "../report.ts";

/** Validation with positions, directives and cross checks, against js-yaml plus ajv on the same files. */
export async function validateFiles(bin: string, folder: string, count: number): Promise<Row> {
  const manifests = join(folder, `validate-${count}`);
  await writeApps(manifests, count);
  const best = await bestOfEach(
    5,
    async () => expectCode(await runNode([bin, "validate", manifests, "-q"]), 0),
    async () => expectCode(await runNode([baseline("validate"), manifests]), 0),
  );
  return {
    name: `validate, ${count} files`,
    oursMs: best.ours.wallMs,
    baselineMs: best.baseline.wallMs,
    ratio: best.ours.wallMs / best.baseline.wallMs,
    budget: 2,
    peakMiB: best.ours.peakMiB,
    baseline: "js-yaml + ajv on the same files",
  };
}

/** What a person waits for before anything happens. */
export async function startUp(bin: string): Promise<Row> {
  const best = await bestOfEach(
    15,
    async () => expectCode(await runNode([bin, "--help"]), 0),
    async () => expectCode(await runNode(["-e", "0"]), 0),
  );
  return {
    name: "start-up, --help",
    oursMs: best.ours.wallMs,
    baselineMs: best.baseline.wallMs,
    ratio: best.ours.wallMs / best.baseline.wallMs,
    budget: 3,
    peakMiB: best.ours.peakMiB,
    baseline: "node -e 0",
  };
}
