import { expect, it } from "vitest";
import { routeOf } from "../../../src/operator/servers/route-of.ts";

it.each([
  ["/api/apps", "/api/apps"],
  ["/api/apps/0b5a1e1c-5f5f-4f6e-9a53-0c7b6f7c2b11", "/api/apps/{id}"],
  ["/llmstack/api/apps/0b5a1e1c-5f5f-4f6e-9a53-0c7b6f7c2b11/versions/3", "/api/apps/{id}/versions/{id}"],
  ["/api/datasources/cafecafe-cafe-4afe-aafe-cafecafecafe/entries/", "/api/datasources/{id}/entries"],
  ["/login", "other"],
])("%s is the route %s", (path, route) => {
  expect(routeOf(path)).toBe(route);
});
