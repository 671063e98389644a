import { describe, expect, it } from "vitest";
import { connect } from "../../../../src/client/connect.ts";
import { app, anAppDraft, OTHER_UUID } from "../../../support/client-builders.ts";
import { realServer, RELEASES, type Release } from "../../../support/real-clients.ts";
import { json, NEVER, page, rejection, TOKEN, wireServer } from "../../../support/wire-server.ts";

const DRAFT = anAppDraft({ type_slug: "web" });

describe.each(RELEASES)("publishing an app on %s %s", (...release) => {
  it("shows it to whom it is said, and answers what is so", async () => {
    const { client } = await realServer(release);
    const { uuid } = await client.create(app, DRAFT, NEVER);
    const wanted = { state: "Published", visibility: "private", readers: ["r@x.org"], writers: ["w@x.org"] } as const;
    expect(await client.publish(uuid, wanted, NEVER)).toEqual(wanted);
    expect((await client.get(app, uuid, NEVER))?.publish).toEqual(wanted);
  });

  it("leaves as it is what is not said", async () => {
    const { client } = await realServer(release);
    const { uuid } = await client.create(app, DRAFT, NEVER);
    await client.publish(uuid, { state: "Published", visibility: "private", readers: ["r@x.org"] }, NEVER);
    expect(await client.publish(uuid, { readers: [] }, NEVER)).toEqual({
      state: "Published",
      visibility: "private",
      readers: [],
      writers: [],
    });
  });

  it("says what the server made of a wish that it refused", async () => {
    const { client } = await realServer(release);
    const { uuid } = await client.create(app, DRAFT, NEVER);
    await client.publish(uuid, { state: "Published", visibility: "private" }, NEVER);
    // Nobody's organisation: refused, and answered with 200 all the same.
    const now = await client.publish(uuid, { visibility: "organization", readers: ["no address"] }, NEVER);
    expect(now).toMatchObject({ state: "Published", visibility: "private", readers: [] });
  });

  it("hides it again, and keeps who may see it", async () => {
    const { client } = await realServer(release);
    const { uuid } = await client.create(app, DRAFT, NEVER);
    await client.publish(uuid, { state: "Published", visibility: "private", readers: ["r@x.org"] }, NEVER);
    expect(await client.publish(uuid, { state: "Unpublished" }, NEVER)).toMatchObject({
      state: "Unpublished",
      visibility: "private",
      readers: ["r@x.org"],
    });
  });

  it("never shows an unpublished app for a moment to change who may see it", async () => {
    const world = await realServer(release);
    const { uuid } = await world.client.create(app, DRAFT, NEVER);
    const before = world.requests().length;
    const now = await world.client.publish(uuid, { visibility: "private", readers: ["r@x.org"] }, NEVER);
    expect(now.state).toBe("Unpublished");
    expect(world.requests().slice(before)).toEqual([`GET /api/apps/${uuid}`, `GET /api/apps/${uuid}`]);
  });

  it("of an app that is gone is an error", async () => {
    const { client } = await realServer(release);
    await expect(client.publish(OTHER_UUID, { state: "Published" }, NEVER)).rejects.toMatchObject({
      class: "not_found",
    });
  });
});

it.each<Release>([["versioned", "HEAD"]])(
  "a change that makes a version on %s %s leaves it published",
  async (...release) => {
    const { client } = await realServer(release);
    const live = await client.create(app, DRAFT, NEVER);
    await client.publish(live.uuid, { state: "Published", visibility: "unlisted" }, NEVER);
    const changed = await client.update(app, live, anAppDraft({ type_slug: "web", description: "x" }), NEVER);
    expect(changed.publish).toMatchObject({ state: "Published", visibility: "unlisted" });
  },
);

it("a server that has no such route has done nothing, and is not believed", async () => {
  const wire = {
    uuid: OTHER_UUID,
    name: "Bot",
    app_type_slug: "web",
    created_at: "x",
    last_updated_at: "x",
    data: null,
  };
  const { url } = await wireServer(({ method, path }, response) => {
    if (method === "POST") return page(response, 200);
    return json(response, 200, path === "/api/me" ? {} : wire);
  });
  const client = await connect({ url, token: TOKEN, dialect: "versioned", timeoutMs: 5_000, retryBudgetMs: 50 }, NEVER);
  const error = await rejection(client.publish(OTHER_UUID, { state: "Published" }, NEVER));
  expect(error).toMatchObject({ class: "ambiguous_write" });
  expect(error.message).toContain("there is no such route");
});
