import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { REASONS } from "../../src/operator/status/reasons.ts";

const text = await readFile(new URL("../../docs/operator.md", import.meta.url), "utf8");

it.each(Object.entries(REASONS))(
  "docs/operator.md says what %s means and what to do",
  (reason, { ready, means, cure }) => {
    const row = text.split("\n").find((line) => line.startsWith(`| \`${reason}\` | ${ready} |`));
    expect(row).toBeDefined();
    expect(row).toContain(means);
    expect(row).toContain(cure);
  },
);
