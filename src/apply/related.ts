import type { KindSpec } from "../model/kind.ts";
import type { Change, Plan } from "../model/plan.ts";
import { liveOf } from "./changes.ts";
import { isBad, type Ledger } from "./ledger.ts";

/** Says why something must stay, or undefined where nothing speaks against deleting it. */
export type Guard = (change: Change) => string | undefined;

/**
 * What must not be deleted because of what happened before in this run. Two changes are related when they are of one
 * key, when one refers to the other (as it is now or as it is to be), when an entry is of a datasource, when something
 * is made under the name of what goes (a renamed manifest), and when both are related to a third. Nothing is deleted
 * that is related to a failure, or that something held still refers to: when unsure, it stays.
 */
export function guardOf(plan: Plan, kinds: readonly KindSpec[], ledger: Ledger): Guard {
  const specs = new Map(kinds.map((spec) => [spec.kind, spec]));
  const changing = plan.changes.filter(({ op }) => op !== "keep" && op !== "hold");
  const groups = new Groups();
  for (const change of changing) {
    for (const name of namesOf(change, specs)) groups.join(change.key, name);
  }
  const members = Map.groupBy(changing, ({ key }) => groups.of(key));
  const heldReferrers = referrersIn(
    plan.changes.filter(({ op }) => op === "hold"),
    specs,
  );
  return (change) => {
    const uuid = liveOf(change)?.uuid;
    const held = uuid === undefined ? undefined : heldReferrers.get(uuid);
    if (held !== undefined) return `${held.key} is held and still refers to ${uuid}`;
    const failed = members.get(groups.of(change.key))?.find((other) => {
      const status = ledger.outcomeOf(other)?.status;
      return other.id !== change.id && status !== undefined && isBad(status);
    });
    return failed === undefined ? undefined : `${failed.key} did not succeed, and what is related to it is not deleted`;
  };
}

function namesOf(change: Change, specs: ReadonlyMap<string, KindSpec>): readonly string[] {
  if (change.subject === "entry") return [change.datasource, ...change.needs];
  const live = liveOf(change);
  const desired = "desired" in change ? change.desired : undefined;
  const isMovable = change.op === "create" || change.op === "prune" || change.op === "replace";
  return [
    ...change.needs,
    ...(desired?.dependsOn ?? []),
    ...(isMovable ? [`named ${change.kind} ${change.name}`] : []),
    ...(live === undefined ? [] : [`uuid ${live.uuid}`, ...uuidsIn(change, specs).map((uuid) => `uuid ${uuid}`)]),
  ];
}

function referrersIn(changes: readonly Change[], specs: ReadonlyMap<string, KindSpec>): ReadonlyMap<string, Change> {
  return new Map(changes.flatMap((change) => uuidsIn(change, specs).map((uuid) => [uuid, change] as const)));
}

/** What the live object of a change refers to. */
function uuidsIn(change: Change, specs: ReadonlyMap<string, KindSpec>): readonly string[] {
  const live = liveOf(change);
  const found = live === undefined ? [] : (specs.get(change.kind)?.references(live.document) ?? []);
  // Connections are nobody's to make or delete here: sharing one relates nothing.
  return found.flatMap(({ uuid, form }) => (form === "connection" || uuid === live?.uuid ? [] : [uuid]));
}

/** Names that belong together, transitively (union-find with halved paths). */
class Groups {
  readonly #parents = new Map<string, string>();

  of(name: string): string {
    let current = name;
    for (;;) {
      const parent = this.#parents.get(current) ?? current;
      if (parent === current) return current;
      const grandparent = this.#parents.get(parent) ?? parent;
      this.#parents.set(current, grandparent);
      current = grandparent;
    }
  }

  join(left: string, right: string): void {
    this.#parents.set(this.of(left), this.of(right));
  }
}
