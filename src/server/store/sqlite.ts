import type { DatabaseSync } from "node:sqlite";
import { SyncError } from "../../model/errors.ts";
import type { Row, Store } from "./store.ts";

/** "LLsy": tells our files from other SQLite files. */
const APPLICATION_ID = 0x4c_4c_73_79;
const SCHEMA_VERSION = 1;

const SCHEMA = `
  CREATE TABLE about (dialect TEXT NOT NULL) STRICT;
  CREATE TABLE rows (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    collection TEXT NOT NULL,
    id TEXT NOT NULL,
    parent TEXT NOT NULL,
    text TEXT NOT NULL,
    UNIQUE (collection, id)
  ) STRICT;
  CREATE INDEX rows_by_parent ON rows (parent, collection, seq);
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = ${SCHEMA_VERSION};
`;

/**
 * A store in a file, made when it is absent. A write is on disk before it is acknowledged, so kill -9 loses nothing.
 * Throws SyncError `usage` for a file that cannot be opened, is not ours, or is of another version or dialect; such a
 * file is left as it was.
 */
export function openSqlite(file: string, dialect: string): Store {
  const database = open(file);
  try {
    prepareFile(database, file, dialect);
    // WAL with FULL waits for the disk at every commit; many readers and one writer, also of other processes.
    database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
    return storeOn(database);
  } catch (cause) {
    database.close();
    if (cause instanceof SyncError) throw cause;
    throw unusable(file, "it cannot be read as a SQLite database", cause);
  }
}

function open(file: string): DatabaseSync {
  // Loaded here, so that a server in memory does not pay for it.
  const { DatabaseSync: Database } = process.getBuiltinModule("node:sqlite");
  try {
    return new Database(file, { timeout: 5000 });
  } catch (cause) {
    throw unusable(file, "it cannot be opened", cause);
  }
}

function prepareFile(database: DatabaseSync, file: string, dialect: string): void {
  if (pragma(database, "application_id") !== APPLICATION_ID) create(database, file, dialect);
  const version = pragma(database, "user_version");
  if (version !== SCHEMA_VERSION) {
    throw unusable(file, `its schema version is ${version} and this program reads ${SCHEMA_VERSION}`);
  }
  const kept = database.prepare("SELECT dialect FROM about").get()?.["dialect"];
  if (kept !== dialect) throw unusable(file, `it was made for the dialect ${String(kept)}, not ${dialect}`);
}

function create(database: DatabaseSync, file: string, dialect: string): void {
  database.exec("BEGIN IMMEDIATE");
  // Another process may have made it while this one waited.
  if (pragma(database, "application_id") !== APPLICATION_ID) {
    const tables = database.prepare("SELECT count(*) AS tables FROM sqlite_schema").get()?.["tables"];
    if (tables !== 0) throw unusable(file, "it is a SQLite database of another program");
    database.exec(SCHEMA);
    database.prepare("INSERT INTO about (dialect) VALUES (?)").run(dialect);
  }
  database.exec("COMMIT");
}

function pragma(database: DatabaseSync, name: "application_id" | "user_version"): number {
  return Number(database.prepare(`PRAGMA ${name}`).get()?.[name]);
}

function storeOn(database: DatabaseSync): Store {
  const list = database.prepare("SELECT text FROM rows WHERE parent = ? AND collection = ? ORDER BY seq");
  const get = database.prepare("SELECT collection, id, parent, text FROM rows WHERE collection = ? AND id = ?");
  const insert = database.prepare("INSERT INTO rows (collection, id, parent, text) VALUES (?, ?, ?, ?)");
  const replace = database.prepare("UPDATE rows SET text = ? WHERE collection = ? AND id = ?");
  // One statement, so one commit: a row never survives without what it belonged to.
  const remove = database.prepare("DELETE FROM rows WHERE (collection = ?1 AND id = ?2) OR parent = ?2");
  return {
    list: (collection, parent) => list.all(parent, collection).map((row) => String(row["text"])),
    get: (collection, id) => {
      const row = get.get(collection, id);
      return row === undefined ? undefined : rowOf(row);
    },
    insert: (row) => void insert.run(row.collection, row.id, row.parent, row.text),
    replace: (collection, id, text) => void replace.run(text, collection, id),
    delete: (collection, id) => void remove.run(collection, id),
    close: () => database.close(),
  };
}

function rowOf(row: Readonly<Record<string, unknown>>): Row {
  return {
    collection: String(row["collection"]),
    id: String(row["id"]),
    parent: String(row["parent"]),
    text: String(row["text"]),
  };
}

function unusable(file: string, why: string, cause?: unknown): SyncError {
  return new SyncError("usage", `cannot use ${file} as the server's data file: ${why}`, {
    cause,
    remedy: "Name another file with --data; a file that does not exist yet is made.",
  });
}
