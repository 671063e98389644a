/** One stored object: its JSON text, ready to be answered. */
export interface Row {
  readonly collection: string;
  /** Unique within its collection. */
  readonly id: string;
  /** Id of the row that this one belongs to and goes away with; empty for none. */
  readonly parent: string;
  readonly text: string;
}

/**
 * Where a server keeps its objects. Every method is one atomic step, and is durable when it returns where there is a
 * file. Knows nothing of what the texts mean.
 */
export interface Store {
  /** Texts of the rows with that parent, in the order of their insertion. */
  list(collection: string, parent: string): readonly string[];
  get(collection: string, id: string): Row | undefined;
  insert(row: Row): void;
  /** Keeps the row's place in the order. Does nothing when the row is gone. */
  replace(collection: string, id: string, text: string): void;
  /** Takes the rows that belong to it along. */
  delete(collection: string, id: string): void;
  close(): void;
}

export interface Recorder extends Store {
  hasWritten(): boolean;
}

/** The same store, remembering whether anything was written through it. */
export function recordWrites(store: Store): Recorder {
  let written = false;
  const wrote = (work: () => void): void => {
    work();
    written = true;
  };
  return {
    list: (collection, parent) => store.list(collection, parent),
    get: (collection, id) => store.get(collection, id),
    insert: (row) => wrote(() => store.insert(row)),
    replace: (collection, id, text) => wrote(() => store.replace(collection, id, text)),
    delete: (collection, id) => wrote(() => store.delete(collection, id)),
    close: () => store.close(),
    hasWritten: () => written,
  };
}
