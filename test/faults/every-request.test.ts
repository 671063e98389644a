import { inspect } from "node:util";
import { rm } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { kinds } from "../../src/kinds/index.ts";
import { isObject } from "../../src/model/json.ts";
import { savePlan } from "../../src/plan/saved-plan.ts";
import { renderPlanMarkdown } from "../../src/report/plan-markdown.ts";
import { renderPlanText } from "../../src/report/plan-text.ts";
import { reportToJson } from "../../src/report/report-json.ts";
import { renderReportMarkdown } from "../../src/report/report-markdown.ts";
import { renderReportText } from "../../src/report/report-text.ts";
import type { FaultEffect } from "../../src/server/faults/faults.ts";
import { folderWith } from "../support/cli-io.ts";
import { type Api, anApp, startServer } from "../support/server-requests.ts";
import { leftToDo, wholePlan, type WholeRun, wholeRun, type WholeRunOptions } from "../support/whole-run.ts";
import { FIRST, SECOND, SECRET_CANARY } from "./ten-objects.ts";

const OPTIONS: WholeRunOptions = { env: { CLERK_KEY: SECRET_CANARY } };
const PRUNING: WholeRunOptions = { ...OPTIONS, policy: { prune: true, maxDeletes: { count: 3 } } };

const FAULTS: readonly { readonly name: string; readonly effect: FaultEffect }[] = [
  { name: "lost before it was done", effect: { kind: "lost", when: "before-commit" } },
  { name: "lost after it was done", effect: { kind: "lost", when: "after-commit" } },
  { name: "answered 500 before it was done", effect: answer(500, "before-commit") },
  { name: "answered 500 after it was done", effect: answer(500, "after-commit") },
  { name: "answered 504 after it was done", effect: answer(504, "after-commit") },
  { name: "answered 502 before it was done", effect: answer(502, "before-commit") },
  { name: "answered 429", effect: { ...answer(429, "before-commit"), retryAfterSeconds: 0 } },
  { name: "answered 403", effect: answer(403, "before-commit") },
  { name: "answered 400", effect: answer(400, "before-commit") },
  { name: "answered by a page with 200", effect: { kind: "answer", status: 200, body: "html", when: "before-commit" } },
  {
    name: "answered by a page with 200 after it was done",
    effect: { kind: "answer", status: 200, body: "html", when: "after-commit" },
  },
  { name: "cut off in the middle", effect: { kind: "truncated", end: "broken" } },
  { name: "cut off so that it looks whole", effect: { kind: "truncated", end: "clean" } },
  { name: "answered slowly", effect: { kind: "slow-body", ms: 20 } },
];

describe("whatever happens to any one request", () => {
  let first: string;
  let second: string;

  beforeAll(async () => {
    first = await folderWith(FIRST);
    second = await folderWith(SECOND);
  });
  afterAll(() => Promise.all([first, second].map((folder) => rm(folder, { recursive: true, force: true }))));

  it.each(FAULTS)("$name: the first apply, run again, ends with one of each", async ({ effect }) => {
    const requests = await countRequests((api) => wholeRun(first, api.server, OPTIONS));
    expect(requests).toBeGreaterThan(15);
    for (let index = 0; index < requests; index += 1) {
      const api = startServer({ faults: [{ pick: { from: index, to: index }, effect }] });
      await faultyThenPlain(`request ${index}`, api, first, OPTIONS);
      expect(await liveNames(api), `request ${index}`).toEqual(NAMES_AFTER_FIRST);
    }
  });

  it.each(FAULTS)("$name: the next apply, run again, changes only what it may", async ({ effect }) => {
    const requests = await countRequests(async (api) => {
      await prepare(api, first);
      return wholeRun(second, api.server, PRUNING);
    });
    const before = await countRequests((api) => prepare(api, first));
    for (let index = before; index < requests; index += 1) {
      const api = startServer({ faults: [{ pick: { from: index, to: index }, effect }] });
      const bystanders = await prepare(api, first);
      await faultyThenPlain(`request ${index}`, api, second, PRUNING);
      expect(await liveNames(api), `request ${index}`).toEqual(NAMES_AFTER_SECOND);
      expect(await readAll(api, bystanders), `request ${index}`).toEqual(bystanders.map(({ text }) => text));
    }
  });
});

const NAMES_AFTER_FIRST = ["Clerk", "Desk", "Greeter", "Guide", "Manual", "Prices", "list", "start", "stop"];
/** With what somebody made by hand: an app, a datasource with our kind of names, and an entry in one of ours. */
const NAMES_AFTER_SECOND = [
  "Cashier",
  "Desk",
  "Greeter",
  "Guide",
  "Helper",
  "Manual",
  "Notes",
  "Prices",
  "by hand",
  "list",
  "start",
];

interface Bystander {
  readonly path: string;
  readonly text: string;
}

/** The first revision applied, and beside it what is not ours. */
async function prepare(api: Api, folder: string): Promise<readonly Bystander[]> {
  const { report } = await wholeRun(folder, api.server, OPTIONS);
  expect(report?.outcomes.map(({ status }) => status).every((status) => status === "done")).toBe(true);
  const app = await api.send("POST", "/api/apps", anApp());
  const datasource = await api.send("POST", "/api/datasources", { name: "Notes", type: "text" });
  const manual = (await list(api, "/api/datasources")).find(({ name }) => name === "Manual");
  await api.send("POST", `/api/datasources/${manual?.uuid ?? ""}/entries`, {
    entry_data: { name: "by hand", content: "Typed by somebody." },
  });
  const paths = [`/api/apps/${app.uuid}`, `/api/datasources/${datasource.uuid}`];
  return Promise.all(paths.map(async (path) => ({ path, text: (await api.send("GET", path)).text })));
}

async function readAll(api: Api, bystanders: readonly Bystander[]): Promise<readonly string[]> {
  return Promise.all(bystanders.map(async ({ path }) => (await api.send("GET", path)).text));
}

/** The run that meets the fault ends in a report or a clear refusal; the same command again ends converged. */
async function faultyThenPlain(where: string, api: Api, folder: string, options: WholeRunOptions): Promise<void> {
  const faulty = await wholeRun(folder, api.server, options);
  expectNoSecret(faulty);
  const plain = await wholeRun(folder, api.server, options);
  expectNoSecret(plain);
  expect(plain.error?.message, where).toBeUndefined();
  expect(leftToDo(await wholePlan(folder, api.server, options)), where).toEqual([]);
}

/** Everything that a person, a pipeline or a log could get to see of the run. */
function expectNoSecret({ plan, desired, report, error }: WholeRun): void {
  const seen = [
    ...(plan === undefined ? [] : [renderPlanText(plan, { style: "plain" }), renderPlanMarkdown(plan)]),
    ...(plan === undefined ? [] : [JSON.stringify(savePlan(plan, desired, kinds))]),
    ...(report === undefined ? [] : [renderReportText(report, { style: "plain" }), renderReportMarkdown(report)]),
    ...(report === undefined ? [] : [JSON.stringify(reportToJson(report))]),
    ...(report?.outcomes ?? []).map(({ failure, warnings }) => inspect({ failure, warnings }, { depth: 20 })),
    inspect(error, { depth: 20 }),
  ];
  expect(seen.filter((text) => text.includes(SECRET_CANARY))).toEqual([]);
}

async function countRequests(work: (api: Api) => Promise<unknown>): Promise<number> {
  const api = startServer();
  await work(api);
  return api.server.journal().length;
}

/** Display names of everything on the server, entries included: a duplicate would stand there twice. */
async function liveNames(api: Api): Promise<readonly string[]> {
  const datasources = await list(api, "/api/datasources");
  const entries = await Promise.all(datasources.map(({ uuid }) => list(api, `/api/datasources/${uuid}/entries`)));
  return [...(await list(api, "/api/apps")), ...datasources, ...entries.flat()].map(({ name }) => name).toSorted();
}

async function list(api: Api, path: string): Promise<readonly { readonly uuid: string; readonly name: string }[]> {
  const { json } = await api.send("GET", path);
  if (!Array.isArray(json)) throw new Error(`${path} answered no list`);
  return json.filter(isObject).map(({ uuid, name }) => ({ uuid: String(uuid), name: String(name) }));
}

function answer(status: number, when: "before-commit" | "after-commit"): FaultEffect & { kind: "answer" } {
  return { kind: "answer", status, body: status === 403 ? "json" : "html", when };
}
