import { expect, it } from "vitest";
import { standing } from "../../../src/operator/status/change-events.ts";

it("a difference that stays says what stands where, and no secret", () => {
  const told = standing([
    { pointer: "/config/theme", before: "dark", after: "light" },
    { pointer: "/config/token", before: "(secret)", after: "(secret)", secret: true },
    { pointer: "/processors/0/config/app", before: { $ref: "App/other" }, after: { $ref: "App/other" } },
  ]);
  expect(told.split("; ")).toEqual([
    '/config/theme: "dark" on the server, "light" in the manifest',
    "/config/token: (secret) changed",
    "/processors/0/config/app: what it refers to there is new, or runs another version",
  ]);
});
