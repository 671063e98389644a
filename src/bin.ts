#!/usr/bin/env node
const MINIMUM_NODE = 24;

if (Number.parseInt(process.versions.node, 10) < MINIMUM_NODE) {
  process.stderr.write(
    `llmstack-sync needs Node ${MINIMUM_NODE} or newer; this is ${process.versions.node} (${process.execPath})\n`,
  );
  process.exit(1);
}

// Loaded after the check: an older Node may not even parse what follows.
const { runProcess } = await import("./cli/run-process.ts");
process.exit(await runProcess(process.argv.slice(2)));
