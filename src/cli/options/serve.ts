import { listFlag, parsedFlag, switchFlag, textFlag } from "./flag.ts";
import { parseListen, parseMilliseconds } from "./parsers.ts";

const group = "Options";

/** The server's own grammar would load its module for every --help, so help only points to it. */
export const FAULTS = `It prints its URL on stdout, one line, when it is ready; stop it with Ctrl-C or SIGTERM.
A fault is one effect and what it hits: lost=after,method=POST,nth=2
  effects    latency=MS lost=before|after status=CODE html truncated=broken|clean slow-body=MS entry=FAILED
  selectors  method= path= nth= index= probability= seed= times=`;

export const listen = parsedFlag({
  syntax: "--listen <host:port>",
  help: "where to listen; port 0 picks a free one",
  group,
  env: "LLMSTACK_LISTEN",
  defaultText: "127.0.0.1:3000",
  parse: parseListen,
});

export const token = textFlag({
  syntax: "--token <token>",
  help: "what clients must present; one is made up and printed on stderr otherwise",
  group,
});

export const serverDialectFlag = textFlag({
  syntax: "--dialect <name>",
  help: "which LLMStack to look like: doc, versioned, pipeline, slug or classic",
  group,
  defaultText: "doc",
});

export const serverData = textFlag({
  syntax: "--data <file>",
  help: "SQLite file that keeps the state; memory otherwise",
  group,
});

export const fault = listFlag({
  syntax: "--fault <spec>",
  help: "misbehave on purpose; repeatable",
  group,
  parse: (text) => text,
});

export const latency = parsedFlag({
  syntax: "--latency <ms>",
  help: "answer no sooner than that after a request has come",
  group,
  defaultText: "0",
  parse: parseMilliseconds,
});

export const journal = switchFlag({
  syntax: "--journal",
  help: "answer what was asked so far at GET /__journal (not of LLMStack's API)",
  group,
});

export const serveFlags = [listen, token, serverDialectFlag, serverData, fault, latency, journal] as const;
