import { describe, expect, it } from "vitest";
import type { Fault } from "../../../src/server/faults/faults.ts";
import { FAULT_GRAMMAR, parseFault } from "../../../src/server/faults/parse-fault.ts";

describe("the text of a fault", () => {
  it.each<[string, Fault]>([
    ["latency=50", { effect: { kind: "latency", ms: 50 } }],
    ["lost=before", { effect: { kind: "lost", when: "before-commit" } }],
    [
      "lost=after,method=post,path=/api/apps,nth=2",
      { method: "POST", path: "/api/apps", pick: { nth: 2 }, effect: { kind: "lost", when: "after-commit" } },
    ],
    [
      "status=503,body=html,retry-after=2,when=after,times=3",
      {
        times: 3,
        effect: { kind: "answer", status: 503, body: "html", when: "after-commit", retryAfterSeconds: 2 },
      },
    ],
    ["status=429", { effect: { kind: "answer", status: 429, body: "json", when: "before-commit" } }],
    [
      " html , index=4",
      { pick: { from: 4, to: 4 }, effect: { kind: "answer", status: 200, body: "html", when: "before-commit" } },
    ],
    ["truncated=broken,index=3-9", { pick: { from: 3, to: 9 }, effect: { kind: "truncated", end: "broken" } }],
    [
      "slow-body=200,probability=0.25,seed=7",
      { pick: { probability: 0.25, seed: 7 }, effect: { kind: "slow-body", ms: 200 } },
    ],
    ["entry=FAILED", { effect: { kind: "entry", fate: { status: "FAILED" } } }],
    ["entry=PROCESSING:3", { effect: { kind: "entry", fate: { status: "PROCESSING", reads: 3 } } }],
    ["entry=PROCESSING", { effect: { kind: "entry", fate: { status: "PROCESSING", reads: "always" } } }],
  ])("%s", (text, fault) => {
    expect(parseFault(text)).toEqual(fault);
  });

  it.each([
    ["", "NAME=VALUE"],
    ["nth=1", "no effect"],
    ["lost=after,html", "two effects"],
    ["lost=maybe", "before or after"],
    ["lost", "before or after"],
    ["html=1", "no value"],
    ["status=99", "200 to 599"],
    ["status=abc", "whole number"],
    ["status=500,body=xml", "html or json or empty"],
    ["latency=-1", "whole number"],
    ["latency=1,latency=2", "twice"],
    ["latency=1,nth=0", "counts from 1"],
    ["latency=1,times=0", "counts from 1"],
    ["latency=1,nth=1,index=2", "exclude"],
    ["latency=1,index=1-2-3", "N or N-M"],
    ["latency=1,probability=2", "0 to 1"],
    ["latency=1,seed=2", "needs probability"],
    ["latency=1,retry-after=2", "does not belong"],
    ["latency=1,colour=red", "does not belong"],
    ["entry=READY", "FAILED, PROCESSING"],
    ["latency=1,what?", "NAME=VALUE"],
  ])("%j is refused, saying what is wrong and how it goes", (text, why) => {
    expect(() => parseFault(text)).toThrow(
      expect.objectContaining({
        class: "usage",
        message: expect.stringContaining(why) as unknown,
        remedy: FAULT_GRAMMAR,
      }) as Error,
    );
  });
});
