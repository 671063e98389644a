import { execFile } from "node:child_process";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { parseGitAddress } from "../../src/source/git/address.ts";
import { openGit } from "../../src/source/git/open-git.ts";
import { DEFAULT_LIMITS, type GitSetup } from "../../src/source/git/setup.ts";
import { type GitHttp, serveGit } from "../../test/support/git-http.ts";
import { type Origin, originWith } from "../../test/support/git-origin.ts";
import { bestOfEach } from "../measure.ts";
import type { Row } from "../report.ts";

const run = promisify(execFile);

interface Turn {
  readonly wallMs: number;
  readonly bytes: number;
  readonly requests: number;
}

/** 1,000 manifests of a repository of 10,000 over HTTP: ours, against a shallow clone and reading the same files. */
export async function readFromGit(folder: string): Promise<Row> {
  const origin = await repositoryOf(10, 1000);
  const server = await serveGit(origin, { scheme: "http" });
  try {
    const clone = join(folder, "clone");
    const best = await bestOfEach(
      5,
      () => turn(server, () => readOurs(server.address)),
      () => turn(server, () => readClone(server.address, clone)),
    );
    return {
      name: "1,000 of 10,000 manifests from Git",
      oursMs: best.ours.wallMs,
      baselineMs: best.baseline.wallMs,
      ratio: best.ours.wallMs / best.baseline.wallMs,
      budget: 1 / 3,
      requests: best.ours.requests,
      moved: `${mebibytes(best.ours.bytes)} of ${mebibytes(best.baseline.bytes)} MiB`,
      baseline: "git clone --depth 1, and reading the files",
    };
  } finally {
    await server.close();
    await origin.remove();
  }
}

async function turn({ requests }: GitHttp, work: () => Promise<number>): Promise<Turn> {
  requests.splice(0);
  const start = performance.now();
  const count = await work();
  const wallMs = performance.now() - start;
  if (count !== 1000) throw new Error(`${count} manifests instead of 1000`);
  return { wallMs, bytes: requests.reduce((sum, { sent }) => sum + sent(), 0), requests: requests.length };
}

async function readOurs(address: string): Promise<number> {
  const parsed = parseGitAddress(`${address}//team-3`);
  if (parsed === undefined) throw new Error(`${address} is no address`);
  const setup: GitSetup = {
    credentials: {},
    timeoutMs: 60_000,
    limits: DEFAULT_LIMITS,
    cacheDirectory: "off",
    user: "daemon",
    http: "allowed",
    env: process.env,
  };
  const source = await openGit(parsed, setup, new AbortController().signal);
  await source.close();
  return source.files.length;
}

async function readClone(address: string, clone: string): Promise<number> {
  await run("git", ["clone", "-q", "--depth", "1", address, clone]);
  const names = await readdir(join(clone, "team-3"));
  const texts = await Promise.all(names.map((name) => readFile(join(clone, "team-3", name), "utf8")));
  await rm(clone, { recursive: true });
  return texts.length;
}

/** Packed, as forges keep repositories. */
async function repositoryOf(teams: number, each: number): Promise<Origin> {
  const origin = await originWith({ "README.md": "Made for a measurement.\n" });
  for (let team = 0; team < teams; team += 1) {
    const folder = join(origin.folder, `team-${team}`);
    await mkdir(folder);
    const numbers = Array.from({ length: each }, (_, index) => index);
    await Promise.all(
      numbers.map((number) => writeFile(join(folder, `app-${number}.yaml`), manifestOf(team * each + number))),
    );
  }
  await origin.commit({});
  await origin.git("gc", "-q");
  return origin;
}

/** About 4 KB of prose that no two manifests share: a pack of copies would be nothing to move. */
function manifestOf(number: number): string {
  let seed = number + 1;
  const word = (): string => {
    seed = (seed * 48_271) % 2_147_483_647;
    return (seed % 46_656).toString(36);
  };
  const lines = Array.from({ length: 50 }, () => `        ${Array.from({ length: 18 }, word).join(" ")}`);
  return `apiVersion: llmstack.ai/v1alpha1\nkind: App\nmetadata: { name: app-${number} }\nspec:\n  definition:\n    name: App ${number}\n    description: |\n${lines.join("\n")}\n`;
}

function mebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(1);
}
