import { describe, expect, it } from "vitest";
import { settingsOf } from "../../../src/operator/resources/settings.ts";

describe("how often a resource is looked at", () => {
  it.each([
    [{}, 600_000],
    [{ interval: "1h30m" }, 5_400_000],
    [{ interval: "5s" }, 30_000],
    [{ interval: "0" }, 0],
    [{ interval: "0s" }, 0],
  ])("%o: every %i ms", (spec, ms) => {
    expect(settingsOf(spec).intervalMs).toBe(ms);
  });

  it.each([
    [{}, 600_000],
    [{ retryInterval: "1m30s" }, 90_000],
    [{ retryInterval: "1ms" }, 1_000],
    [{ retryInterval: "0" }, 0],
  ])("%o: after a failure at most %i ms later, never so often that others wait", (spec, ms) => {
    expect(settingsOf(spec).retryMs).toBe(ms);
  });
});
