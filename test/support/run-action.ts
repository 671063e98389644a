import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { load } from "js-yaml";

const run = promisify(execFile);
const project = new URL("../..", import.meta.url).pathname;

/** What stands in the repository of an action when a runner uses it, as far as its steps need it. */
const PARTS = ["action.yml", "package.json", "package-lock.json", ".npmrc", "src", "schemas"];

interface Step {
  readonly id?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
}

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default?: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly steps: readonly Step[] };
}

export interface ActionResult {
  readonly exitCode: number;
  readonly log: string;
  readonly outputs: Readonly<Record<string, string>>;
  /** What the artifact would hold, by name. */
  readonly file: (name: string) => Promise<string>;
}

/** This repository's action in a folder of its own, whose shell steps run as a runner runs them. */
export interface CopiedAction {
  run(
    inputs: Readonly<Record<string, string>>,
    env: Readonly<Record<string, string | undefined>>,
  ): Promise<ActionResult>;
  remove(): Promise<void>;
}

export async function copyAction(): Promise<CopiedAction> {
  const folder = await mkdtemp(join(tmpdir(), "llmstack-sync-action-"));
  for (const part of PARTS) await cp(join(project, part), join(folder, "action", part), { recursive: true });
  const action = load(await readFile(join(folder, "action", "action.yml"), "utf8")) as Action;
  let runs = 0;
  let isInstalled = false;
  return {
    run: async (inputs, env) => {
      runs += 1;
      const temp = join(folder, `run-${runs}`);
      await mkdir(temp);
      // What is installed once stays: installing it again would only take minutes.
      const steps = action.runs.steps.filter((step) => !isInstalled || step.run?.includes("npm ci") !== true);
      const result = await runSteps(
        { ...action, runs: { steps } },
        { inputs, env, temp, path: join(folder, "action") },
      );
      isInstalled = true;
      return result;
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

interface Runner {
  readonly inputs: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly temp: string;
  readonly path: string;
}

async function runSteps(action: Action, { inputs, env, temp, path }: Runner): Promise<ActionResult> {
  const outputs = new Map<string, string>();
  const known = new Map(Object.entries(action.inputs).map(([name, input]) => [`inputs.${name}`, input.default ?? ""]));
  for (const [name, value] of Object.entries(inputs)) known.set(`inputs.${name}`, value);
  const resolve = (text: string): string =>
    text.replaceAll(/\$\{\{ ([\w.-]+) \}\}/gu, (_, name: string) => known.get(name) ?? outputs.get(name) ?? "");
  let log = "";
  let exitCode = 0;
  for (const [index, step] of action.runs.steps.entries()) {
    if (step.run === undefined) continue;
    const file = join(temp, `output-${index}`);
    await writeFile(file, "");
    await writeFile(join(temp, `step-${index}.sh`), step.run);
    const own = Object.entries(step.env ?? {}).map(([name, value]) => [name, resolve(resolve(value))] as const);
    const result = await run("bash", ["--noprofile", "--norc", "-eo", "pipefail", join(temp, `step-${index}.sh`)], {
      cwd: temp,
      env: { ...env, RUNNER_TEMP: temp, GITHUB_ACTION_PATH: path, GITHUB_OUTPUT: file, ...Object.fromEntries(own) },
    }).catch((error: { stdout: string; stderr: string; code: number }) => error);
    log += result.stdout + result.stderr;
    for (const [name, value] of outputsIn(await readFile(file, "utf8")))
      outputs.set(`steps.${step.id ?? ""}.outputs.${name}`, value);
    exitCode = "code" in result ? result.code : 0;
    if (exitCode !== 0) break;
  }
  const named = Object.entries(action.outputs).map(([name, { value }]) => [name, resolve(value)] as const);
  const folder = outputs.get("steps.folder.outputs.path") ?? "";
  return {
    exitCode,
    log,
    outputs: Object.fromEntries(named),
    file: async (name) => readFile(join(folder, name), "utf8"),
  };
}

function outputsIn(text: string): readonly (readonly [name: string, value: string])[] {
  const long = [...text.matchAll(/^([\w-]+)<<(\S+)\n([\s\S]*?)\n\2$/gmu)].map(
    ([, name = "", , value = ""]) => [name, value] as const,
  );
  const short = [...text.matchAll(/^([\w-]+)=(.*)$/gmu)].map(([, name = "", value = ""]) => [name, value] as const);
  return [...long, ...short];
}
