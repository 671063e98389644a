import { spawn } from "node:child_process";

export interface Run {
  readonly wallMs: number;
  readonly peakMiB: number;
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const PEAK = /\npeak-kib (\d+)\n$/u;
/** Runs in the measured process: its own word on its peak is exact, where sampling from outside is not. */
const REPORT_PEAK = `data:text/javascript,${encodeURIComponent(
  'import{writeSync}from"node:fs";process.on("exit",()=>writeSync(2,`\\npeak-kib ${process.resourceUsage().maxRSS}\\n`))',
)}`;

/** Runs one node process to its end and says how long it took, start-up included, and its peak memory. */
export async function runNode(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Run> {
  const start = performance.now();
  const child = spawn(process.execPath, ["--import", REPORT_PEAK, ...args], {
    env: { ...process.env, NO_COLOR: "1", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (stdout += chunk));
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  const wallMs = performance.now() - start;
  const peakMiB = Number(PEAK.exec(stderr)?.[1] ?? Number.NaN) / 1024;
  return { wallMs, peakMiB, code, stdout, stderr: stderr.replace(PEAK, "") };
}

interface Timed {
  readonly wallMs: number;
}

/**
 * Runs the two sides in turns, so that a noisy neighbour hurts both, and gives the best of each: the best is what the
 * machine can do, the rest is what else it was doing.
 */
export async function bestOfEach<Ours extends Timed, Baseline extends Timed>(
  times: number,
  ours: () => Promise<Ours>,
  baseline: () => Promise<Baseline>,
): Promise<{ readonly ours: Ours; readonly baseline: Baseline }> {
  const pairs: { ours: Ours; baseline: Baseline }[] = [];
  for (let turn = 0; turn < times; turn += 1) pairs.push({ ours: await ours(), baseline: await baseline() });
  return { ours: fastest(pairs.map((pair) => pair.ours)), baseline: fastest(pairs.map((pair) => pair.baseline)) };
}

/** Throws unless the run ended as it must: a benchmark of a failure is no benchmark. */
export function expectCode(run: Run, code: number): Run {
  if (run.code === code) return run;
  throw new Error(`exit ${String(run.code)} instead of ${String(code)}:\n${run.stderr}\n${run.stdout.slice(0, 2000)}`);
}

function fastest<T extends Timed>(runs: readonly T[]): T {
  return runs.reduce((best, run) => (run.wallMs < best.wallMs ? run : best));
}
