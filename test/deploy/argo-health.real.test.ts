import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

const script = fileURLToPath(new URL("../../deploy/argocd/health.lua", import.meta.url));

/** What Argo CD would show of a resource; it runs such scripts with Lua 5.1 as well. */
async function healthOf(resource: object): Promise<string> {
  const program = `obj = ${lua(resource)} local health = dofile(${JSON.stringify(script)}) io.write(health.status .. ": " .. health.message)`;
  const { stdout } = await promisify(execFile)("lua5.1", ["-e", program]);
  return stdout;
}

function lua(value: unknown): string {
  if (Array.isArray(value)) return `{${value.map(lua).join(", ")}}`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([key, item]) => `[${JSON.stringify(key)}] = ${lua(item)}`)
    .join(", ")}}`;
}

const said = (type: string, status: string, reason: string, message = ""): object => ({ type, status, reason, message });

const at = (generation: number, observedGeneration: number, ...conditions: readonly object[]): object => ({
  metadata: { generation },
  status: { observedGeneration, conditions },
});

describe("health in Argo CD", () => {
  it.each([
    ["Progressing: The operator has not looked at this yet", { metadata: { generation: 1 } }],
    ["Healthy: Synced", at(1, 1, said("Ready", "True", "Synced"))],
    ["Progressing: The operator has not looked at this yet", at(2, 1, said("Ready", "True", "Synced"))],
    ["Degraded: Invalid: no such type", at(2, 2, said("Ready", "False", "Invalid"), said("Stalled", "True", "Invalid", "no such type"))],
    ["Progressing: Unreachable: timed out", at(2, 1, said("Ready", "False", "Unreachable"), said("Reconciling", "True", "Unreachable", "timed out"))],
    ["Suspended: SpecSuspend", at(1, 1, said("Ready", "True", "Synced"), said("Suspended", "True", "SpecSuspend"))],
    ["Healthy: LiveDiffers: /name", at(1, 1, said("Ready", "True", "Synced"), said("Drifted", "True", "LiveDiffers", "/name"))],
    ["Degraded: Held: needs --adopt", at(1, 1, said("Ready", "False", "Held", "needs --adopt"))],
    [
      "Progressing: Waits until the operator lets go of it",
      { ...at(1, 1, said("Ready", "True", "Synced")), metadata: { generation: 1, deletionTimestamp: "2026-01-01T00:00:00Z" } },
    ],
  ])("%s", async (expected, resource) => {
    expect(await healthOf(resource)).toBe(expected);
  });
});
