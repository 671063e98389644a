import type { Client } from "../../client/client.ts";
import { kinds } from "../../kinds/index.ts";
import type { LiveResource } from "../../model/live.ts";
import { type Check, failed, ok, warning } from "./check.ts";

/** What lives on the server, kind by kind: counts, who manages it, names that stand for several objects. */
export async function objectChecks(client: Client, set: string, signal: AbortSignal): Promise<readonly Check[]> {
  const checks = await Promise.all(
    kinds.map(async (kind) => {
      try {
        const { items } = await client.list(kind, signal);
        return [ok(kind.collection, counts(items, set))].concat(duplicates(kind.collection, items));
      } catch (error) {
        return [failed(kind.collection, error)];
      }
    }),
  );
  return checks.flat();
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

/** Names are unique nowhere; several unmarked objects of one name cannot be told apart, so none is adopted. */
function duplicates(collection: string, items: readonly LiveResource[]): readonly Check[] {
  const groups = Map.groupBy(
    items.filter(({ mark }) => mark === undefined),
    ({ name, type }) => JSON.stringify([name, type]),
  );
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined || group.length < 2) return [];
    return [
      warning(
        "duplicate names",
        `${group.length} ${collection} are named ${JSON.stringify(first.name)} (${first.type}): ${group.map(({ uuid }) => uuid).join(", ")}`,
        "A manifest that means one of them says which with spec.uuid.",
      ),
    ];
  });
}
