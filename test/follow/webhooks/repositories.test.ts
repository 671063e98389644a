import { describe, expect, it } from "vitest";
import { repositoriesIn, repositoryId } from "../../../src/follow/webhooks/repositories.ts";
import { SeenDeliveries } from "../../../src/follow/webhooks/seen-deliveries.ts";

describe("a repository is the same", () => {
  it.each([
    "https://forge.example/Team/bots.git",
    "https://forge.example/team/bots",
    "https://forge.example:8443/team/bots/",
    "ssh://git@forge.example:2222/team/bots.git",
    "git@forge.example:team/bots.git",
    "forge.example:team/bots",
  ])("as %s", (address) => {
    expect(repositoryId(address)).toBe("forge.example/team/bots");
  });

  it.each(["", "nothing", "/srv/git/bots.git", "file:///srv/git/bots.git"])(
    "but not as %j, which names no host",
    (address) => {
      expect(repositoryId(address)).toBeUndefined();
    },
  );
});

it("finds nothing in a payload of another shape", () => {
  for (const payload of [null, 1, "text", [], {}, { repository: null }, { repository: { clone_url: 7, links: [] } }]) {
    expect(repositoriesIn(payload)).toEqual(new Set());
  }
});

it("forgets a delivery after ten minutes", () => {
  const seen = new SeenDeliveries();
  expect([seen.has("a", 0), seen.has("a", 599_999), seen.has("a", 600_001)]).toEqual([false, true, false]);
});
