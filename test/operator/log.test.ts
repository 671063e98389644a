import { describe, expect, it } from "vitest";
import { SyncError } from "../../src/model/errors.ts";
import { createLog, failureFields, type Log, type LogSetup } from "../../src/operator/log.ts";

function logged(setup: Partial<LogSetup>, use: (log: Log) => void): string {
  let text = "";
  use(createLog({ format: "json", level: "info", write: (more) => (text += more), ...setup }));
  return text;
}

const CANARY = "canary-0123456789";

describe.each(["json", "text"] as const)("a %s log of the operator", (format) => {
  it("has the message, the level and the facts beside it", () => {
    const text = logged({ format }, (log) => log.with({ controller: "apps" }).warn("it waits", { seconds: 3 }));
    expect(text.split("\n")).toHaveLength(2);
    for (const part of ["it waits", "warn", "apps", "controller", "seconds", "3"]) expect(text).toContain(part);
  });

  it("leaves out what nobody asked to hear", () => {
    const text = logged({ format, level: "error" }, (log) => {
      log.debug("quiet");
      log.info("quiet");
      log.warn("quiet");
      log.error("loud");
    });
    expect(text).toContain("loud");
    expect(text).not.toContain("quiet");
  });

  it.each(["token", "authorization", "password", "secret", "data", "stringData", "headers", "body"])(
    "never shows what stands under the name %s",
    (name) => {
      const text = logged({ format }, (log) => {
        log.info("found", { [name]: CANARY, nested: { [name]: CANARY } });
        log.with({ [name]: CANARY }).info("found");
      });
      expect(text).toContain("[redacted]");
      expect(text).not.toContain(CANARY);
    },
  );

  it("says of a failure what it says itself, and nothing a library hung on it", () => {
    const error = new SyncError("unreachable", "could not reach it", { cause: new Error(CANARY) });
    Object.assign(error, { response: { headers: { authorization: CANARY } } });
    const text = logged({ format }, (log) => log.error("failed", failureFields(error)));
    expect(text).toContain("could not reach it");
    expect(text).not.toContain(CANARY);
  });

  it("cuts what is too long for a line", () => {
    const text = logged({ format }, (log) => log.error("failed", failureFields(new Error("x".repeat(100_000)))));
    expect(text.length).toBeLessThan(16_384);
  });
});
