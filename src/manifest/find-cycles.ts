/**
 * The circles of a graph, each once, as the edges that make it, beginning at its smallest node. Takes time in
 * proportion to nodes and edges, so of circles that share a way only the first found is given. Never recurses: a chain
 * of references may be as long as the manifests are many.
 */
export function findCycles<N extends string, E>(
  edges: ReadonlyMap<N, readonly E[]>,
  target: (edge: E) => N,
): readonly (readonly E[])[] {
  const finished = new Set<N>();
  const cycles: (readonly E[])[] = [];
  for (const start of [...edges.keys()].toSorted()) {
    walk(start, edges, target, finished, cycles);
  }
  return cycles;
}

interface Step<N, E> {
  readonly node: N;
  readonly edges: readonly E[];
  next: number;
}

function walk<N extends string, E>(
  start: N,
  edges: ReadonlyMap<N, readonly E[]>,
  target: (edge: E) => N,
  finished: Set<N>,
  cycles: (readonly E[])[],
): void {
  if (finished.has(start)) return;
  const path: Step<N, E>[] = [{ node: start, edges: edges.get(start) ?? [], next: 0 }];
  const depthOf = new Map<N, number>([[start, 0]]);
  for (let step = path.at(-1); step !== undefined; step = path.at(-1)) {
    const edge = step.edges[step.next];
    step.next += 1;
    if (edge === undefined) {
      finished.add(step.node);
      depthOf.delete(step.node);
      path.pop();
      continue;
    }
    const node = target(edge);
    const depth = depthOf.get(node);
    if (depth !== undefined)
      cycles.push(path.slice(depth).flatMap(({ edges: out, next }) => out.slice(next - 1, next)));
    else if (!finished.has(node)) {
      depthOf.set(node, path.length);
      path.push({ node, edges: edges.get(node) ?? [], next: 0 });
    }
  }
}
