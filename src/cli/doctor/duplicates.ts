import type { KindSpec } from "../../model/kind.ts";
import type { LiveResource } from "../../model/live.ts";
import { type Check, warning } from "./check.ts";

/** Names that stand for several objects, and marks that several carry: nothing tells these apart but their uuid. */
export function duplicateChecks({ collection }: KindSpec, items: readonly LiveResource[]): readonly Check[] {
  const own = items.filter(({ isOwned }) => isOwned);
  const named = several(own, ({ name, type, mark }) => (mark === undefined ? [name, type] : undefined));
  const marked = several(own, ({ mark }) => (mark === undefined ? undefined : [mark.set, mark.key]));
  return [
    ...named.map(([first, group]) =>
      warning(
        "duplicate names",
        `${group.length} ${collection} are named ${JSON.stringify(first.name)} (${first.type}): ${listed(group)}`,
        "A manifest that means one of them says which with spec.uuid; delete the others in LLMStack if nobody needs them.",
        uuidsOf(group),
      ),
    ),
    ...marked.map(([first, group]) =>
      warning(
        "copies",
        `${group.length} ${collection} carry the mark of ${first.mark?.key ?? ""}, set ${first.mark?.set ?? ""}: ${listed(group)}`,
        "Somebody duplicated it in the editor: a plan holds the copies. Delete them, or take x-llmstack-sync out of their config.",
        uuidsOf(group),
      ),
    ),
  ];
}

/** Groups of more than one, each with its first; what has no key is in none. */
function several(
  items: readonly LiveResource[],
  keyOf: (item: LiveResource) => readonly string[] | undefined,
): readonly (readonly [LiveResource, readonly LiveResource[]])[] {
  const groups = Map.groupBy(items, (item) => JSON.stringify(keyOf(item)));
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    return first === undefined || group.length < 2 || keyOf(first) === undefined ? [] : [[first, group] as const];
  });
}

function uuidsOf(group: readonly LiveResource[]): readonly string[] {
  return group.map(({ uuid }) => uuid);
}

function listed(group: readonly LiveResource[]): string {
  return uuidsOf(group).join(", ");
}
