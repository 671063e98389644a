import { expect, it } from "vitest";
import { seldom } from "../../src/operator/seldom.ts";

it("what goes on and on is said once a minute, and anything new at once", () => {
  let now = 0;
  const said: string[] = [];
  const say = seldom(
    (message, error) => said.push(`${message}: ${String(error)}`),
    () => now,
  );
  for (now = 0; now < 120_000; now += 1_000) say("following apps was interrupted", new Error("answered 404"));
  say("following apps was interrupted", new Error("answered 403"));
  say("following secrets was interrupted", new Error("answered 403"));
  expect(said).toEqual([
    "following apps was interrupted: Error: answered 404",
    "following apps was interrupted: Error: answered 404",
    "following apps was interrupted: Error: answered 403",
    "following secrets was interrupted: Error: answered 403",
  ]);
});
