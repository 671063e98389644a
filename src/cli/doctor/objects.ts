import type { Client } from "../../client/client.ts";
import { kinds } from "../../kinds/index.ts";
import type { KindSpec } from "../../model/kind.ts";
import type { LiveResource } from "../../model/live.ts";
import { type Check, ok, problem, skipped, warning } from "./check.ts";
import { draftChecks } from "./drafts.ts";
import { duplicateChecks } from "./duplicates.ts";

/** What lives on the server, kind by kind: counts, who manages it, and what stands in a run's way. */
export async function objectChecks(client: Client, set: string, signal: AbortSignal): Promise<readonly Check[]> {
  const checks = await Promise.all(
    kinds.flatMap((kind) => [listChecks(client, kind, set, signal), brokenChecks(client, kind, signal)]),
  );
  return checks.flat();
}

async function listChecks(client: Client, kind: KindSpec, set: string, signal: AbortSignal): Promise<readonly Check[]> {
  try {
    const { items } = await client.list(kind, signal);
    const hasDrafts = kind.hasVersions && client.rules.capabilities.versions;
    return [
      ok(kind.collection, counts(items, set)),
      ...duplicateChecks(kind, items),
      ...(hasDrafts ? await draftChecks(client, items, signal) : []),
    ];
  } catch (error) {
    return [problem(kind.collection, error)];
  }
}

async function brokenChecks(client: Client, kind: KindSpec, signal: AbortSignal): Promise<readonly Check[]> {
  try {
    const rows = await client.findBroken(kind, signal);
    return rows.map(({ uuid, name, why, removal }) =>
      warning(
        "broken row",
        `${JSON.stringify(name)} (${uuid}) makes the server's own list of ${kind.collection} fail: ${why}`,
        removal,
        [uuid],
      ),
    );
  } catch (error) {
    return [skipped("broken row", `none could be looked for: ${problem(kind.collection, error).message}`)];
  }
}

function counts(items: readonly LiveResource[], set: string): string {
  const ours = items.filter(({ mark }) => mark?.set === set).length;
  const others = items.filter(({ mark }) => mark !== undefined && mark.set !== set).length;
  const foreign = items.filter(({ isOwned }) => !isOwned).length;
  const parts = [
    `${ours} of set ${set}`,
    ...(others > 0 ? [`${others} of other sets`] : []),
    `${items.length - ours - others} without a mark`,
    ...(foreign > 0 ? [`${foreign} owned by others`] : []),
  ];
  return `${items.length} (${parts.join(", ")})`;
}
