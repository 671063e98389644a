import { readFile } from "node:fs/promises";

const PAGE = new URL("../../docs/operator-runtime.md", import.meta.url);

/** Names in the table of metrics, but for those of the process itself. */
export async function documentedMetrics(): Promise<readonly string[]> {
  const page = await readFile(PAGE, "utf8");
  const cells = [...page.matchAll(/^\|( `[a-z_]+_[^|]*)\|/gmu)].map(([, cell = ""]) => cell);
  const names = cells.flatMap((cell) => cell.match(/[a-z_\d]{8,}/gu) ?? []);
  return names.filter(isOfOperator);
}

/** The library measures the process, under names that change with it. */
export function isOfOperator(name: string): boolean {
  return !/^(?:nodejs|process)_/u.test(name);
}
