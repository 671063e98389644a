import { describe, expect, it } from "vitest";
import * as parsers from "../../../src/cli/options/parsers.ts";
import { SyncError } from "../../../src/model/errors.ts";

describe("durations", () => {
  it.each([
    ["500ms", 500],
    ["30s", 30_000],
    ["1.5s", 1500],
    ["2m", 120_000],
    ["1h", 3_600_000],
  ])("%s is %d milliseconds", (text, milliseconds) => {
    expect(parsers.parseDuration(text)).toBe(milliseconds);
  });

  it.each(["30", "0s", "-1s", "s", "1d", "", "1 s"])("%j is refused, saying what would be right", (text) => {
    expect(() => parsers.parseDuration(text)).toThrow(/is not a duration above zero such as 500ms, 30s or 2m/u);
  });
});

describe("parallelism", () => {
  it.each(["0", "-1", "abc", "1.5", "", "1e3"])("%j is refused", (text) => {
    expect(() => parsers.parsePositiveInteger(text)).toThrow(SyncError);
  });

  it("takes a whole number", () => {
    expect(parsers.parsePositiveInteger("16")).toBe(16);
  });
});

describe("max deletes", () => {
  it("takes a number or a share", () => {
    expect(parsers.parseMaxDeletes("0")).toEqual({ count: 0 });
    expect(parsers.parseMaxDeletes("5")).toEqual({ count: 5 });
    expect(parsers.parseMaxDeletes("30%")).toEqual({ percent: 30 });
  });

  it.each(["101%", "-1", "many", "%", "1.5%"])("%j is refused", (text) => {
    expect(() => parsers.parseMaxDeletes(text)).toThrow(/a number of objects such as 5, or a share such as 30%/u);
  });
});

describe("set names", () => {
  it("takes labels and paths of labels", () => {
    expect(parsers.parseSetName("shop/staging-1")).toBe("shop/staging-1");
  });

  it("refuses the operator's own", () => {
    expect(() => parsers.parseSetName("k8s:abc")).toThrow(/belong to the operator/u);
  });

  it.each(["", " ", "a b", "-a", "a".repeat(64), "a\nb"])("refuses %j", (text) => {
    expect(() => parsers.parseSetName(text)).toThrow(SyncError);
  });
});

describe("server addresses", () => {
  it.each(["http://127.0.0.1:8080", "https://example.com/llmstack", "embedded"])("takes %s", (text) => {
    expect(parsers.parseServer(text)).toBe(text);
  });

  it.each(["example.com", "ftp://example.com", "localhost:8000", ""])("refuses %j", (text) => {
    expect(() => parsers.parseServer(text)).toThrow(/an http:\/\/ or https:\/\/ address, or 'embedded'/u);
  });

  it.each(["https://user:canary@example.com", "https://canary@example.com", "ftp://user:canary@example.com"])(
    "never repeats the credentials of an address",
    (text) => {
      expect(() => parsers.parseServer(text)).toThrow(
        expect.objectContaining({ message: expect.not.stringContaining("canary") as string }) as Error,
      );
    },
  );
});

describe("listen addresses", () => {
  it.each([
    ["127.0.0.1:8080", { host: "127.0.0.1", port: 8080 }],
    ["[::1]:0", { host: "::1", port: 0 }],
    [":0", { host: "127.0.0.1", port: 0 }],
  ])("%s", (text, address) => {
    expect(parsers.parseListen(text)).toEqual(address);
  });

  it.each(["8080", "host:65536", "host:", "host:http"])("%j is refused", (text) => {
    expect(() => parsers.parseListen(text)).toThrow(/HOST:PORT/u);
  });
});

it("a resource filter names a kind and a name", () => {
  expect(parsers.parseKeyGlob("App/support-*")).toBe("App/support-*");
  expect(() => parsers.parseKeyGlob("support-bot")).toThrow(/KIND\/NAME/u);
});
