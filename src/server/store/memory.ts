import type { Row, Store } from "./store.ts";

/** A store that lives as long as the process. */
export function openMemory(): Store {
  // Maps keep the order of insertion, and setting an existing key keeps its place.
  const byParent = new Map<string, Map<string, Map<string, Row>>>();
  const parents = new Map<string, string>();

  const rowsOf = (collection: string, parent: string): Map<string, Row> | undefined =>
    byParent.get(parent)?.get(collection);

  const find = (collection: string, id: string): Row | undefined => {
    const parent = parents.get(`${collection}/${id}`);
    return parent === undefined ? undefined : rowsOf(collection, parent)?.get(id);
  };

  const put = (row: Row): void => {
    const collections = byParent.get(row.parent) ?? new Map<string, Map<string, Row>>();
    const rows = collections.get(row.collection) ?? new Map<string, Row>();
    byParent.set(row.parent, collections.set(row.collection, rows.set(row.id, row)));
    parents.set(`${row.collection}/${row.id}`, row.parent);
  };

  const dropChildren = (id: string): void => {
    for (const [collection, rows] of byParent.get(id) ?? []) {
      for (const child of rows.keys()) parents.delete(`${collection}/${child}`);
    }
    byParent.delete(id);
  };

  return {
    list: (collection, parent) => Array.from(rowsOf(collection, parent)?.values() ?? [], ({ text }) => text),
    get: find,
    insert: put,
    replace: (collection, id, text) => {
      const row = find(collection, id);
      if (row !== undefined) put({ ...row, text });
    },
    delete: (collection, id) => {
      const row = find(collection, id);
      if (row === undefined) return;
      rowsOf(collection, row.parent)?.delete(id);
      parents.delete(`${collection}/${id}`);
      dropChildren(id);
    },
    close: () => {},
  };
}
