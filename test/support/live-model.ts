import type { DialectRules } from "../../src/model/dialect.ts";
import type { Json, JsonObject } from "../../src/model/json.ts";
import { completeList, type LiveEntry, type LiveResource, type LiveState } from "../../src/model/live.ts";
import { entryMarkOf, markOf } from "../../src/model/mark-of.ts";
import type { EntryChange, Plan, ResourceChange } from "../../src/model/plan.ts";
import type { DesiredEntry, Resource, ResourceKey } from "../../src/model/resource.ts";
import { isTemplateObject, resolve } from "../../src/model/template.ts";
import type { KindSpec } from "../../src/model/kind.ts";
import { uuid } from "./plan-builders.ts";

interface ModelSetup {
  readonly rules: DialectRules;
  readonly kinds: readonly KindSpec[];
  /** Stops before this many writes, like a kill. */
  readonly writes?: number;
}

/** A server in memory that carries out plans: what an apply would leave behind, without the wire. */
export class LiveModel {
  readonly #resources = new Map<string, LiveResource>();
  readonly #entries = new Map<string, LiveEntry[]>();
  readonly #kinds: readonly KindSpec[];
  readonly #rules: DialectRules;
  #made = 1_000_000;
  /** Every object and entry that was deleted, as it was. */
  readonly deleted: (LiveResource | LiveEntry)[] = [];

  constructor(live: LiveState, { rules, kinds }: ModelSetup) {
    this.#rules = rules;
    this.#kinds = kinds;
    for (const { items } of live.resources.values()) for (const item of items) this.#resources.set(item.uuid, item);
    for (const [id, { items }] of live.entries) this.#entries.set(id, [...items]);
  }

  state(): LiveState {
    const all = [...this.#resources.values()];
    return {
      resources: new Map(this.#kinds.map(({ kind }) => [kind, completeList(all.filter((live) => live.kind === kind))])),
      entries: new Map(
        all
          .filter(({ kind }) => this.#kinds.some((spec) => spec.kind === kind && spec.hasEntries))
          .map((live) => [live.uuid, completeList(this.#entries.get(live.uuid) ?? [])]),
      ),
    };
  }

  /** Goes through the waves; stops after `writes` writes where that is given. */
  apply(plan: Plan, writes = Number.POSITIVE_INFINITY): void {
    const uuids = uuidsIn(plan);
    let left = writes;
    for (const { stage, changes } of plan.waves) {
      for (const change of changes) {
        if (left <= 0) return;
        left -= 1;
        if (change.subject === "entry") this.#applyEntry(change, uuids, plan);
        else if (stage === "remove") this.#remove(change);
        else this.#write(change, uuids, plan);
      }
    }
  }

  #write(change: ResourceChange, uuids: Map<ResourceKey, string>, plan: Plan): void {
    if (change.op === "create" || change.op === "replace") {
      const id = this.#next();
      const replaces = change.op === "replace" ? { replaces: change.live.uuid } : {};
      const made = this.#document(change.desired, uuids);
      const mark = {
        ...markOf(this.#spec(change.kind), change.desired, { set: plan.policy.set, nonce: id }),
        ...replaces,
      };
      this.#resources.set(id, { ...made, uuid: id, ...this.#marked(change.kind, mark) });
      uuids.set(change.key, id);
    } else if (change.op === "update" || change.op === "adopt") {
      const { live, desired } = change;
      const previous = live.mark === undefined ? {} : { previous: live.mark };
      const mark = markOf(this.#spec(change.kind), desired, { set: plan.policy.set, nonce: live.uuid, ...previous });
      const written = this.#document(desired, uuids);
      this.#resources.set(live.uuid, {
        ...live,
        ...written,
        uuid: live.uuid,
        createdAt: live.createdAt,
        ...this.#marked(live.kind, mark),
      });
    }
  }

  #document(desired: Resource, uuids: ReadonlyMap<ResourceKey, string>): Omit<LiveResource, "uuid"> {
    const json = resolve(desired.document, ({ form, target }) => {
      const id = uuids.get(target);
      if (id === undefined) throw new Error(`${desired.key} refers to ${target}, which has no uuid`);
      return this.#rules.formatReference(form, { uuid: id });
    });
    const { kind, name, type, publish } = desired;
    const createdAt = new Date(Date.UTC(2024, 0, 1) + this.#made).toISOString();
    return {
      kind,
      name,
      type,
      document: asObject(json),
      isOwned: true,
      createdAt,
      updatedAt: createdAt,
      ...(publish !== undefined && { publish }),
    };
  }

  #remove(change: ResourceChange): void {
    if (change.op !== "prune" && change.op !== "replace") return;
    const { uuid: id } = change.live;
    const live = this.#resources.get(id);
    if (live !== undefined) this.deleted.push(live, ...(this.#entries.get(id) ?? []));
    this.#resources.delete(id);
    this.#entries.delete(id);
  }

  #applyEntry(change: EntryChange, uuids: ReadonlyMap<ResourceKey, string>, plan: Plan): void {
    const id = uuids.get(change.datasource) ?? change.datasourceUuid;
    if (id === undefined) throw new Error(`${change.key} has no datasource`);
    const entries = this.#entries.get(id) ?? [];
    const old = new Set(change.op === "update" || change.op === "prune" ? change.live.map((live) => live.uuid) : []);
    this.deleted.push(...entries.filter((entry) => old.has(entry.uuid)));
    const isUploaded = change.op === "create" || (change.op === "update" && change.current === undefined);
    this.#entries.set(id, [
      ...entries.filter((entry) => !old.has(entry.uuid)),
      ...(isUploaded ? [this.#entry(change.datasource, change.desired, plan)] : []),
    ]);
  }

  #entry(datasource: ResourceKey, desired: DesiredEntry, { policy: { set } }: Plan): LiveEntry {
    const mark = entryMarkOf(datasource, desired, set);
    return { uuid: this.#next(), name: desired.name, status: "READY", mark, createdAt: "2024-06-01T00:00:00.000000Z" };
  }

  #marked(kind: string, mark: NonNullable<LiveResource["mark"]>): Pick<LiveResource, "mark"> {
    return this.#rules.capabilities.kinds[kind]?.mark === "none" ? {} : { mark };
  }

  #spec(kind: string): KindSpec {
    const spec = this.#kinds.find((candidate) => candidate.kind === kind);
    if (spec === undefined) throw new Error(`no kind ${kind}`);
    return spec;
  }

  #next(): string {
    this.#made += 1;
    return uuid(this.#made);
  }
}

/** A document goes over the wire as JSON, where null keys of objects may come back or not: here they do not. */
function asObject(json: Json): JsonObject {
  if (!isTemplateObject(json)) throw new Error("a document is an object");
  return JSON.parse(JSON.stringify(json)) as JsonObject;
}

function uuidsIn(plan: Plan): Map<ResourceKey, string> {
  return new Map(
    plan.changes.flatMap((change) => {
      if (change.subject !== "resource" || change.op === "create" || change.op === "prune") return [];
      return change.live === undefined || !("desired" in change) ? [] : [[change.key, change.live.uuid] as const];
    }),
  );
}
