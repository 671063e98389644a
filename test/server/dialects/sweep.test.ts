import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { RELEASES } from "../../support/real-clients.ts";
import { expectedOf, type Row, startSweep, type Sweep } from "../../support/sweep.ts";
import { APP_BODY_ROWS } from "./sweep/app-bodies.ts";
import { APP_ROWS } from "./sweep/apps.ts";
import { DATA_ROWS } from "./sweep/data.ts";
import { OTHER_ROWS } from "./sweep/elsewhere.ts";
import { ENTRY_ROWS } from "./sweep/entries.ts";

const ROWS = [...APP_ROWS, ...APP_BODY_ROWS, ...DATA_ROWS, ...ENTRY_ROWS, ...OTHER_ROWS];

describe.each(RELEASES)("%s %s over HTTP answers", (...release) => {
  it.each(ROWS.map((row) => ({ request: row[0], body: row[2], expected: expectedOf(row[1], release), row })))(
    "$request ($body) with $expected",
    async ({ row, expected }) => {
      // One row may break the account: each gets a server of its own.
      const sweep = await startSweep(release);
      try {
        expect(await sweep.ask(row)).toBe(expected);
        expect(sweep.defects()).toEqual([]);
      } finally {
        await sweep.close();
      }
    },
  );
});

describe.each(RELEASES)("%s %s with a wrong token", (...release) => {
  let sweep: Sweep;

  beforeAll(async () => {
    sweep = await startSweep(release);
  });
  afterAll(() => sweep.close());

  it("answers 403 with JSON on every view, verb and path", async () => {
    const isOfAView = ([request, expected]: Row): boolean =>
      !/ as | \/api\/(?:login|apibackends|apiproviders)|^HEAD|format=/u.test(request) &&
      !/html/u.test(expectedOf(expected, release));
    const refused = new Set<string>();
    for (const [request, , body] of ROWS.filter(isOfAView)) {
      refused.add(`${await sweep.ask([`${request} as impostor`, "", body])} ${request.split(" ")[0]}`);
    }
    expect([...refused].toSorted()).toEqual(
      ["DELETE", "GET", "OPTIONS", "PATCH", "POST", "PUT"].map((method) => `403 detail ${method}`),
    );
  });
});
