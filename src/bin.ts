#!/usr/bin/env node
import { setFlagsFromString } from "node:v8";

const MINIMUM_NODE = 24;

if (Number.parseInt(process.versions.node, 10) < MINIMUM_NODE) {
  process.stderr.write(
    `llmstack-sync needs Node ${MINIMUM_NODE} or newer; this is ${process.versions.node} (${process.execPath})\n`,
  );
  process.exit(1);
}

// V8 lets the space for young objects grow to many times its need while thousands of manifests are read, which costs a
// third of the peak memory; kept as small as it begins, it is cleared so often that a fifth of the time goes there. So
// it grows once, while the program loads, and stays so (measured by `npm run bench`).
setFlagsFromString("--semi-space-growth-factor=8");

// Loaded after the check: an older Node may not even parse what follows.
const { runProcess } = await import("./cli/run-process.ts");
setFlagsFromString("--semi-space-growth-factor=1");
process.exit(await runProcess(process.argv.slice(2)));
