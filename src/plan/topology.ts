/**
 * How deep each node stands: 0 where it needs nothing of `nodes`, else one more than the deepest it needs. Nodes of a
 * circle, and what needs them, come last, so that a circle never hangs or hides anything. Linear.
 */
export function levelsOf<Node>(nodes: readonly Node[], needs: (node: Node) => readonly Node[]): Map<Node, number> {
  const waiting = new Map(nodes.map((node) => [node, 0]));
  const neededBy = new Map<Node, Node[]>(nodes.map((node) => [node, []]));
  for (const node of nodes) {
    for (const need of new Set(needs(node))) {
      if (!waiting.has(need)) continue;
      waiting.set(node, (waiting.get(node) ?? 0) + 1);
      neededBy.get(need)?.push(node);
    }
  }
  const levels = new Map<Node, number>();
  let level = 0;
  for (let free = nodes.filter((node) => waiting.get(node) === 0); free.length > 0; level += 1) {
    free = settleLevel(free, level, { levels, waiting, neededBy });
  }
  for (const node of nodes) if (!levels.has(node)) levels.set(node, level);
  return levels;
}

/** The nodes, needed ones first; nodes of one level keep their order. */
export function topologicalOrder<Node>(
  nodes: readonly Node[],
  needs: (node: Node) => readonly Node[],
): readonly Node[] {
  const levels = levelsOf(nodes, needs);
  return nodes.toSorted((a, b) => (levels.get(a) ?? 0) - (levels.get(b) ?? 0));
}

interface Progress<Node> {
  readonly levels: Map<Node, number>;
  readonly waiting: Map<Node, number>;
  readonly neededBy: ReadonlyMap<Node, readonly Node[]>;
}

function settleLevel<Node>(free: readonly Node[], level: number, progress: Progress<Node>): Node[] {
  const next: Node[] = [];
  for (const node of free) {
    progress.levels.set(node, level);
    for (const dependent of progress.neededBy.get(node) ?? []) {
      const left = (progress.waiting.get(dependent) ?? 0) - 1;
      progress.waiting.set(dependent, left);
      if (left === 0) next.push(dependent);
    }
  }
  return next;
}
