import type { Row } from "../../../support/sweep.ts";

/** Added: the datasource from v0.2.1 on, a word before, and nothing but a promise up to v0.0.25 (6.3). */
const DONE = { versioned: "200 datasource", pipeline: "200 datasource", "v0.0.25": "202 success", rest: "200 status" };
/** What fails before anything is stored, where extra data are gone through (5.5). */
const FROM_V0_2_4 = { ...DONE, versioned: "500 html", "v0.2.5": "500 html" };
const FROM_V0_2_1 = { ...DONE, versioned: "500 html", pipeline: "500 html" };

/** An entry as text, in the words of every release. */
const added = (data: unknown, expected: Row[1] = DONE): Row => [
  "POST /api/datasources/SRC/add_entry",
  expected,
  { source_data: data, entry_data: data },
];

const TEXT = { name: "n", content: "c", extra_data: [] };
const { extra_data: _none, ...WITHOUT_EXTRA } = TEXT;

/** Entries of datasources (llmstack-server.md 5.5, 5.6, 6.3). */
export const ENTRY_ROWS: readonly Row[] = [
  ["POST /api/datasources/SRC/add_entry", { classic: "500 html", rest: "400 errors" }, {}],
  ["POST /api/datasources/SRC/add_entry", "400 errors", { source_data: {}, entry_data: {} }],
  ["POST /api/datasources/SRC/add_entry", "500 html", { source_data: "text", entry_data: "text" }],
  added(TEXT),
  added(WITHOUT_EXTRA, FROM_V0_2_4),
  added({ ...TEXT, extra_data: null }, FROM_V0_2_4),
  added({ ...TEXT, extra_data: [{ name: "k", value: "v" }] }),
  added({ ...TEXT, extra_data: [{ name: "k", value: 1 }] }, FROM_V0_2_4),
  added({ ...TEXT, name: "" }),
  added({ ...TEXT, name: "a/b" }),
  added({ ...TEXT, name: "x".repeat(300) }),
  added({ ...TEXT, name: "a\nb" }, FROM_V0_2_1),
  added({ ...TEXT, name: "../b" }, { ...DONE, versioned: "400 html", pipeline: "400 html" }),
  added({ ...TEXT, name: null }, "500 html"),
  added({ ...TEXT, name: 7 }, "500 html"),
  added({ ...TEXT, content: undefined }, FROM_V0_2_4),
  added({ ...TEXT, content: 7 }, "500 html"),

  ["GET /api/datasource_entries", "200 []"],
  ["GET /api/datasource_entries/ENT", "200 entry"],
  ["GET /api/datasource_entries/NONE", "404 detail"],
  ["GET /api/datasource_entries/HERS", "404 empty"],
  ["GET /api/datasource_entries/not-a-uuid", "500 html"],
  ["GET /api/datasource_entries/ENT/text_content", "200 text"],
  ["GET /api/datasource_entries/HERS/text_content", "404 empty"],
  ["DELETE /api/datasource_entries/ENT", "202 empty"],
  ["DELETE /api/datasource_entries/HERS", { versioned: "403 empty", rest: "404 empty" }],
  ["DELETE /api/datasource_entries/NONE", "404 detail"],
  ["DELETE /api/datasource_entries", "500 html"],
  ["DELETE /api/datasource_entries/ENT/text_content", "202 empty"],
  ["PATCH /api/datasource_entries/ENT", "405 detail", {}],
  // From v0.1.6 on the method is gone and the route is not: whoever asks for whatever.
  ["POST /api/datasource_entries/upsert", { "v0.0.25": "405 detail", classic: "400 errors", rest: "500 html" }, {}],
  ["GET /api/datasource_entries/upsert", { "v0.0.25": "500 html", classic: "200 []", rest: "500 html" }],
  ["OPTIONS /api/datasource_entries/upsert as nobody", { classic: "403 detail", rest: "500 html" }],
  [
    "POST /api/datasource_entries/ENT/resync",
    { versioned: "500 html", pipeline: "200 entry", slug: "500 html", classic: "202 empty" },
  ],
];
