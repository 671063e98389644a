import { defineConfig } from "vitest/config";

/** What CI counts: the text report does not say where a skipped test stands. One file a run, named by the script. */
const REPORT = `coverage/tests-${process.env["npm_lifecycle_event"]?.replaceAll(":", "-") ?? "by-hand"}.json`;

const REAL = "test/**/*.real.test.ts";

export default defineConfig({
  test: {
    reporters: process.env["CI"] === undefined ? ["default"] : ["default", ["json", { outputFile: REPORT }]],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      { extends: true, test: { name: "core", include: ["test/**/*.test.ts"], exclude: [REAL] } },
      // Real parts (a Kubernetes API, a forge, a browser) are heavy: one file at a time.
      {
        extends: true,
        test: { name: "real", include: [REAL], fileParallelism: false, testTimeout: 300_000, hookTimeout: 900_000 },
      },
    ],
  },
});
