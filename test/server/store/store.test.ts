import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, describe, expect, it } from "vitest";
import { openMemory } from "../../../src/server/store/memory.ts";
import { openSqlite } from "../../../src/server/store/sqlite.ts";
import { recordWrites, type Store } from "../../../src/server/store/store.ts";

const folder = mkdtempSync(join(tmpdir(), "store-"));
let files = 0;
const newFile = (): string => join(folder, `${(files += 1)}.sqlite`);

afterAll(() => rmSync(folder, { recursive: true }));

const app = (id: string, text = id) => ({ collection: "apps", id, parent: "", text });
const entry = (id: string, parent: string) => ({ collection: "entries", id, parent, text: id });

describe.each<[string, () => Store]>([
  ["in memory", openMemory],
  ["in a file", () => openSqlite(newFile(), "doc")],
])("a store %s", (_, open) => {
  it("lists in the order of insertion, whatever is replaced", () => {
    const store = open();
    for (const id of ["b", "a", "c"]) store.insert(app(id));
    store.replace("apps", "b", "new");
    store.replace("apps", "gone", "x");
    expect(store.list("apps", "")).toEqual(["new", "a", "c"]);
    expect(store.get("apps", "b")).toEqual(app("b", "new"));
    store.close();
  });

  it("keeps collections and parents apart", () => {
    const store = open();
    store.insert(app("1"));
    store.insert({ ...app("1"), collection: "datasources", text: "d" });
    store.insert(entry("e1", "1"));
    store.insert(entry("e2", "2"));
    expect([
      store.list("apps", ""),
      store.list("entries", "1"),
      store.list("entries", ""),
      store.list("x", "y"),
    ]).toEqual([["1"], ["e1"], [], []]);
    expect(store.get("apps", "e1")).toBeUndefined();
    store.close();
  });

  it("deletes a row with what belongs to it, and nothing else", () => {
    const store = open();
    for (const row of [app("1"), app("2"), entry("e1", "1"), entry("e2", "2")]) store.insert(row);
    store.delete("apps", "1");
    store.delete("apps", "gone");
    expect([store.list("apps", ""), store.list("entries", "1"), store.list("entries", "2")]).toEqual([
      ["2"],
      [],
      ["e2"],
    ]);
    expect(store.get("entries", "e1")).toBeUndefined();
    store.close();
  });

  it("says whether anything was written through it", () => {
    const store = open();
    const [reader, writer] = [recordWrites(store), recordWrites(store)];
    writer.insert(app("1"));
    reader.list("apps", "");
    expect([reader.hasWritten(), writer.hasWritten()]).toEqual([false, true]);
    store.close();
  });
});

describe("a data file", () => {
  it("is read again as it was left", () => {
    const file = newFile();
    const first = openSqlite(file, "doc");
    first.insert(app("1", "é\u0000😀"));
    first.close();
    const second = openSqlite(file, "doc");
    expect(second.get("apps", "1")).toEqual(app("1", "é\u0000😀"));
    second.close();
  });

  it("is shared by two servers at once", () => {
    const file = newFile();
    const [one, two] = [openSqlite(file, "doc"), openSqlite(file, "doc")];
    one.insert(app("1"));
    two.insert(app("2"));
    expect(one.list("apps", "")).toEqual(["1", "2"]);
    one.close();
    two.close();
  });

  it("may be an empty file", () => {
    const file = newFile();
    writeFileSync(file, "");
    openSqlite(file, "doc").close();
    expect(readFileSync(file).length).toBeGreaterThan(0);
  });

  it.each<[string, (file: string) => void, string]>([
    ["something else", (file) => writeFileSync(file, "kind: App\n".repeat(200)), "cannot be read as a SQLite database"],
    ["another program's database", (file) => edit(file, "CREATE TABLE mine (x)"), "another program"],
    ["of a later version", (file) => edit(ours(file), "PRAGMA user_version = 2"), "schema version is 2"],
    [
      "of another dialect",
      (file) => edit(ours(file), "UPDATE about SET dialect = 'classic'"),
      "dialect classic, not doc",
    ],
  ])("that is %s is refused and left as it was", (_, prepare, why) => {
    const file = newFile();
    prepare(file);
    const before = readFileSync(file);
    expect(() => openSqlite(file, "doc")).toThrow(
      expect.objectContaining({ class: "usage", message: expect.stringContaining(why) as unknown }) as Error,
    );
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  it("in a folder that is not there is refused", () => {
    expect(() => openSqlite(join(folder, "none", "x.sqlite"), "doc")).toThrow("cannot be opened");
  });
});

function ours(file: string): string {
  openSqlite(file, "doc").close();
  return file;
}

function edit(file: string, sql: string): void {
  const database = new DatabaseSync(file);
  database.exec(sql);
  database.close();
}
