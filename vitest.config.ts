import { defineConfig } from "vitest/config";

const REPORT = "coverage/tests.json";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // What .ci/run counts: the text report does not say where a skipped test stands.
    reporters: process.env["CI"] === undefined ? ["default"] : ["default", ["json", { outputFile: REPORT }]],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
