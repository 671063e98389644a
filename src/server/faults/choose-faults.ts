import type { Fault, FaultEffect, FaultPick } from "./faults.ts";

/** Says which effects hit a request. Called once a request, in the order of arrival. */
export type ChooseFaults = (request: FaultTarget) => readonly FaultEffect[];

const ENTRY_MAKERS = { method: "POST", path: "/api/datasources/*/*" };

interface FaultTarget {
  readonly index: number;
  readonly method: string;
  readonly path: string;
}

/** Counts for each fault what it has seen and hit. */
export function chooseFaults(faults: readonly Fault[]): ChooseFaults {
  const rules = faults.map(createRule);
  return (request) => rules.flatMap((rule) => rule(request));
}

function createRule({ pick, times, effect, ...named }: Fault): ChooseFaults {
  const isPicked = createPick(pick);
  // Only such requests make entries, so only they count.
  const { method, path } = effect.kind === "entry" ? { ...ENTRY_MAKERS, ...named } : named;
  const pattern = path === undefined ? undefined : globPattern(path);
  let left = times ?? Number.POSITIVE_INFINITY;
  return (request) => {
    if (method !== undefined && method.toUpperCase() !== request.method) return [];
    if (pattern !== undefined && !pattern.test(request.path)) return [];
    if (!isPicked(request.index) || left === 0) return [];
    left -= 1;
    return [effect];
  };
}

/** Asked once for each request with the right method and path. */
function createPick(pick: FaultPick | undefined): (index: number) => boolean {
  if (pick === undefined) return () => true;
  if ("from" in pick) return (index) => index >= pick.from && index <= pick.to;
  if ("nth" in pick) {
    let seen = 0;
    return () => {
      seen += 1;
      return seen === pick.nth;
    };
  }
  const random = mulberry32(pick.seed);
  return () => random() < pick.probability;
}

function globPattern(glob: string): RegExp {
  const source = glob
    .split(/(\*\*|\*)/u)
    .map((part) => (part === "**" ? ".*" : part === "*" ? "[^/]*" : part.replaceAll(/[\\^$.|?+()[\]{}]/gu, "\\$&")))
    .join("");
  return new RegExp(`^${source}$`, "u");
}

/** A small random generator with a seed (mulberry32); chance here must repeat itself. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
