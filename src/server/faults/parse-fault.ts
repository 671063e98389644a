import { SyncError } from "../../model/errors.ts";
import type { EntryFate, Fault, FaultEffect, FaultMoment, FaultPick } from "./faults.ts";

/** The grammar of `serve --fault`, for help texts. */
export const FAULT_GRAMMAR = `One effect, then what it hits, separated by commas: EFFECT[,SELECTOR...]
  latency=MS                 answer that much later
  lost=before | lost=after   break the connection before the work, or after it is done
  status=CODE                answer with that status; body=html|json|empty, retry-after=SECONDS, when=before|after
  html                       answer 200 with an HTML page
  truncated=broken|clean     send half of the answer
  slow-body=MS               let the answer trickle in
  entry=FAILED | entry=PROCESSING:READS | entry=PROCESSING   what becomes of new entries
  method=POST  path=/api/apps/**  nth=2 (from 1, of those)  index=7 or index=3-9 (of all requests, from 0)
  probability=0.1  seed=1  times=3`;

/** Reads the text form of a fault; throws SyncError `usage` that says which part is wrong. */
export function parseFault(text: string): Fault {
  const words = readWords(text);
  const [method, path, times] = ["method", "path", "times"].map(words.take);
  const pick = readPick(words, text);
  const effect = readEffect(words, text);
  const extra = words.rest();
  if (extra.length > 0) throw wrong(text, `${extra[0] ?? ""} does not belong there`);
  return {
    ...(method !== undefined && { method: method.toUpperCase() }),
    ...(path !== undefined && { path }),
    ...(pick !== undefined && { pick }),
    ...(times !== undefined && { times: count(text, "times", times) }),
    effect,
  };
}

interface Words {
  /** Undefined when it is not there; nobody else gets it afterwards. */
  readonly take: (name: string) => string | undefined;
  rest(): readonly string[];
}

function readWords(text: string): Words {
  const words = new Map<string, string>();
  for (const part of text.split(",")) {
    const [, name = "", , value = ""] = /^\s*([a-z-]+)\s*(=\s*(.*?))?\s*$/u.exec(part) ?? [];
    if (name === "") throw wrong(text, `"${part.trim()}" is no NAME=VALUE`);
    if (words.has(name)) throw wrong(text, `${name} stands there twice`);
    words.set(name, value);
  }
  return {
    take: (name) => {
      const value = words.get(name);
      words.delete(name);
      return value;
    },
    rest: () => [...words.keys()],
  };
}

function readPick(words: Words, text: string): FaultPick | undefined {
  const [nth, index, probability, seed] = ["nth", "index", "probability", "seed"].map(words.take);
  if ([nth, index, probability].filter((word) => word !== undefined).length > 1) {
    throw wrong(text, "nth, index and probability exclude each other");
  }
  if (seed !== undefined && probability === undefined) throw wrong(text, "seed needs probability");
  if (nth !== undefined) return { nth: count(text, "nth", nth) };
  if (index !== undefined) return readRange(text, index);
  if (probability === undefined) return undefined;
  const chance = Number(probability);
  if (probability === "" || !(chance >= 0 && chance <= 1)) throw wrong(text, "probability is a number from 0 to 1");
  return { probability: chance, seed: whole(text, "seed", seed ?? "1") };
}

function readRange(text: string, index: string): FaultPick {
  const [from = "", to = from, ...more] = index.split("-");
  if (more.length > 0) throw wrong(text, "index is N or N-M");
  return { from: whole(text, "index", from), to: whole(text, "index", to) };
}

type ReadEffect = (value: string, words: Words, text: string) => FaultEffect;

const EFFECTS: Readonly<Record<string, ReadEffect>> = {
  latency: (value, _, text) => ({ kind: "latency", ms: whole(text, "latency", value) }),
  lost: (value, _, text) => ({ kind: "lost", when: moment(text, "lost", value) }),
  status: (value, words, text) => readAnswer(value, words, text),
  html: (value, _, text) => {
    if (value !== "") throw wrong(text, "html takes no value");
    return { kind: "answer", status: 200, body: "html", when: "before-commit" };
  },
  truncated: (value, _, text) => ({ kind: "truncated", end: oneOf(text, "truncated", value, ["broken", "clean"]) }),
  "slow-body": (value, _, text) => ({ kind: "slow-body", ms: whole(text, "slow-body", value) }),
  entry: (value, _, text) => ({ kind: "entry", fate: readFate(text, value) }),
};

function readEffect(words: Words, text: string): FaultEffect {
  const named = Object.entries(EFFECTS).flatMap(([name, read]) => {
    const value = words.take(name);
    return value === undefined ? [] : [{ value, read }];
  });
  const [only, ...more] = named;
  if (only === undefined) throw wrong(text, "it names no effect");
  if (more.length > 0) throw wrong(text, "it names two effects");
  return only.read(only.value, words, text);
}

function readAnswer(value: string, words: Words, text: string): FaultEffect {
  const [body = "json", when = "before", wait] = ["body", "when", "retry-after"].map(words.take);
  const status = whole(text, "status", value);
  if (status < 200 || status > 599) throw wrong(text, "status is from 200 to 599");
  return {
    kind: "answer",
    status,
    body: oneOf(text, "body", body, ["html", "json", "empty"]),
    when: moment(text, "when", when),
    ...(wait !== undefined && { retryAfterSeconds: whole(text, "retry-after", wait) }),
  };
}

function readFate(text: string, value: string): EntryFate {
  const [status = "", reads, ...more] = value.split(":");
  if (status === "FAILED" && reads === undefined) return { status };
  if (status !== "PROCESSING" || more.length > 0) throw wrong(text, "entry is FAILED, PROCESSING or PROCESSING:READS");
  return { status, reads: reads === undefined ? "always" : whole(text, "entry", reads) };
}

function moment(text: string, name: string, value: string): FaultMoment {
  return oneOf(text, name, value, ["before", "after"]) === "before" ? "before-commit" : "after-commit";
}

function oneOf<Word extends string>(text: string, name: string, value: string, words: readonly Word[]): Word {
  const found = words.find((word) => word === value);
  if (found === undefined) throw wrong(text, `${name} is ${words.join(" or ")}`);
  return found;
}

function count(text: string, name: string, value: string): number {
  const number = whole(text, name, value);
  if (number === 0) throw wrong(text, `${name} counts from 1`);
  return number;
}

function whole(text: string, name: string, value: string): number {
  if (!/^\d{1,9}$/u.test(value)) throw wrong(text, `${name} is a whole number`);
  return Number(value);
}

function wrong(text: string, why: string): SyncError {
  return new SyncError("usage", `cannot read the fault "${text}": ${why}`, { remedy: FAULT_GRAMMAR });
}
