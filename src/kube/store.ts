import { type KubeObject, namespaceOf } from "./kube-object.ts";

export type Change =
  | { readonly type: "added"; readonly object: KubeObject; readonly isInitial: boolean }
  | { readonly type: "updated"; readonly object: KubeObject; readonly previous: KubeObject; readonly isInitial: false }
  | { readonly type: "deleted"; readonly object: KubeObject; readonly isInitial: false };

/** What an object is found by besides its name, such as the Secrets it refers to. */
export type IndexBy = (object: KubeObject) => readonly string[];

/** Objects of one type as last heard of. They are frozen: readers share them. */
export class Store {
  readonly #objects = new Map<string, KubeObject>();
  readonly #indexes = new Map<string, { readonly by: IndexBy; readonly keys: Map<string, Set<string>> }>();

  get size(): number {
    return this.#objects.size;
  }

  get(namespace: string, name: string): KubeObject | undefined {
    return this.#objects.get(keyOf(namespace, name));
  }

  list(namespace?: string): readonly KubeObject[] {
    const all = [...this.#objects.values()];
    return namespace === undefined ? all : all.filter((object) => namespaceOf(object) === namespace);
  }

  addIndex(name: string, by: IndexBy): void {
    const index = { by, keys: new Map<string, Set<string>>() };
    this.#indexes.set(name, index);
    for (const [key, object] of this.#objects) enter(index, key, object);
  }

  byIndex(name: string, value: string): readonly KubeObject[] {
    const keys = this.#indexes.get(name)?.keys.get(value) ?? [];
    return [...keys].flatMap((key) => this.#objects.get(key) ?? []);
  }

  /** Answers what changed; nothing where this version is known already. */
  put(object: KubeObject, isInitial: boolean): Change | undefined {
    const key = keyOf(namespaceOf(object), object.metadata.name);
    const previous = this.#objects.get(key);
    if (previous?.metadata.resourceVersion === object.metadata.resourceVersion) return undefined;
    this.#objects.set(key, object);
    for (const index of this.#indexes.values()) {
      if (previous !== undefined) leave(index, key, previous);
      enter(index, key, object);
    }
    if (previous === undefined) return { type: "added", object, isInitial };
    return { type: "updated", object, previous, isInitial: false };
  }

  remove(object: KubeObject): Change | undefined {
    const key = keyOf(namespaceOf(object), object.metadata.name);
    const previous = this.#objects.get(key);
    if (previous === undefined) return undefined;
    this.#objects.delete(key);
    for (const index of this.#indexes.values()) leave(index, key, previous);
    return { type: "deleted", object, isInitial: false };
  }

  /** Those of one namespace (of all with none) that are not among the given ones: what was deleted unseen. */
  missingFrom(objects: readonly KubeObject[], namespace: string | undefined): readonly KubeObject[] {
    const present = new Set(objects.map((object) => keyOf(namespaceOf(object), object.metadata.name)));
    return this.list(namespace).filter((object) => !present.has(keyOf(namespaceOf(object), object.metadata.name)));
  }
}

interface Index {
  readonly by: IndexBy;
  readonly keys: Map<string, Set<string>>;
}

function enter({ by, keys }: Index, key: string, object: KubeObject): void {
  for (const value of by(object)) keys.set(value, (keys.get(value) ?? new Set<string>()).add(key));
}

function leave({ by, keys }: Index, key: string, object: KubeObject): void {
  for (const value of by(object)) {
    const entered = keys.get(value);
    entered?.delete(key);
    if (entered?.size === 0) keys.delete(value);
  }
}

function keyOf(namespace: string, name: string): string {
  return `${namespace}/${name}`;
}
