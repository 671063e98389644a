import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { markerOf } from "../../../src/ci/comment/marker.ts";
import { publishComment } from "../../../src/ci/comment/publish-comment.ts";
import type { ForgeClient } from "../../../src/ci/forges/forge.ts";
import { connectGithub } from "../../../src/ci/forges/github.ts";
import { connectGitlab } from "../../../src/ci/forges/gitlab.ts";
import { RETIRED } from "../../../src/ci/forges/retired.ts";
import { SyncError } from "../../../src/model/errors.ts";
import { type FakeForge, ForgeState } from "../../support/fake-forge.ts";
import { fakeGithub } from "../../support/fake-github.ts";
import { fakeGitlab } from "../../support/fake-gitlab.ts";

const key = { set: "shop", target: "prod", topic: "plan" } as const;
const text = (body: string): string => `${markerOf(key)}\n${body}\n`;
const HEAD = "a".repeat(40);
const bot = { id: 1, login: "bot", mayWrite: true };
const ada = { id: 2, login: "ada", mayWrite: true };
const fork = { id: 3, login: "bot", mayWrite: false };

const forges = [
  {
    name: "GitHub",
    serve: fakeGithub,
    connect: (url: string, token: string) =>
      connectGithub({ apiUrl: url, graphqlUrl: `${url}/graphql`, path: "acme/bots", token, timeoutMs: 5_000 }),
  },
  {
    name: "GitLab",
    serve: fakeGitlab,
    connect: (url: string, token: string) =>
      connectGitlab({ apiUrl: `${url}/api/v4`, graphqlUrl: undefined, path: "42", token, timeoutMs: 5_000 }),
  },
];

describe.each(forges)("$name", ({ name, serve, connect }) => {
  let forge: FakeForge;
  let state: ForgeState;
  let client: ForgeClient;
  const { signal } = new AbortController();

  beforeEach(async () => {
    state = new ForgeState();
    state.users.set("bot-token", bot).set("ada-token", ada).set("fork-token", fork);
    state.pulls.set(7, { number: 7, head: HEAD, base: "main", state: "open" });
    forge = await serve(state);
    client = connect(forge.url, "bot-token");
  });

  afterEach(async () => forge.close());

  const publish = async (body: string, head = HEAD) =>
    publishComment(client, { number: 7, head }, { key, body, need: "always" }, signal);

  it("gets one comment, however often it is written", async () => {
    await publish(text("one"));
    await publish(text("two"));
    await publish(text("two"));
    expect(state.comments.map(({ body }) => body)).toEqual([text("two")]);
    expect(state.requests.filter((request) => /^(?:PATCH|PUT)/u.test(request))).toHaveLength(1);
  });

  it("finds our comment behind 250 others", async () => {
    for (let index = 0; index < 250; index += 1) state.comment(7, ada, `talk ${index}`);
    const own = state.comment(7, bot, text("old"));
    await publish(text("new"));
    expect(own.body).toBe(text("new"));
    expect(state.comments).toHaveLength(251);
  });

  it("never touches the comment of somebody who copied the marker", async () => {
    const forged = state.comment(7, ada, text("forged"));
    await publish(text("ours"));
    expect(forged.body).toBe(text("forged"));
    expect(state.comments).toHaveLength(2);
  });

  it("keeps the oldest of several and takes the others out of sight", async () => {
    const all = [1, 2, 3].map((index) => state.comment(7, bot, text(String(index))));
    await publish(text("new"));
    expect(all[0]?.body).toBe(text("new"));
    for (const other of all.slice(1)) expect(name === "GitHub" ? other.isMinimised : other.body === RETIRED).toBe(true);
    state.requests.length = 0;
    await publish(text("new"));
    expect(state.requests.filter((request) => !request.startsWith("GET") && !request.endsWith("graphql"))).toEqual([]);
  });

  it("is left alone by a run whose head is not the head any more", async () => {
    expect(await publish(text("late"), "b".repeat(40))).toMatchObject({ done: "dropped" });
    expect(state.comments).toEqual([]);
  });

  it("that limits writes is asked again after the pause it names", async () => {
    state.limitNextWrites = 2;
    await publish(text("one"));
    expect(state.comments).toHaveLength(1);
  });

  it("says no to a fork's token, and that is told with what to check", async () => {
    client = connect(forge.url, "fork-token");
    await expect(publish(text("one"))).rejects.toMatchObject({
      class: "forbidden",
      message: expect.stringContaining("403") as string,
    });
  });

  it("takes no comment beyond its limit, and says why", async () => {
    const tooLong = text("x".repeat(name === "GitHub" ? 65_536 : 1_000_000));
    await expect(publish(tooLong)).rejects.toMatchObject({ class: "rejected" });
  });

  it("that leads to another host for its next page gets told apart: the token goes nowhere else", async () => {
    for (let index = 0; index < 150; index += 1) state.comment(7, ada, `talk ${index}`);
    state.nextPageHost = "https://evil.example.com";
    const asked = client.comments(7, signal);
    // GitHub's comments come by GraphQL, whose pages are no addresses.
    const outcome = await asked.then(
      (all) => all.length,
      (error: unknown) => (error instanceof SyncError ? error.class : error),
    );
    expect(outcome).toBe(name === "GitHub" ? 150 : "refused");
  });

  it("does not know a wrong token", async () => {
    client = connect(forge.url, "other");
    await expect(publish(text("one"))).rejects.toMatchObject({ class: "auth" });
  });

  it("tells what was merged last first", async () => {
    for (const number of [8, 9]) {
      state.pulls.set(number, { number, head: HEAD, base: "main", state: "open" });
      state.merge(number, String(number).repeat(40));
    }
    expect((await client.mergedPulls("main", signal)).map(({ number }) => number)).toEqual([9, 8]);
    expect(await client.mergedPulls("other", signal)).toEqual([]);
  });

  it("opens an issue, changes it and closes it", async () => {
    const { number } = await client.createIssue({ title: "Drift", body: "one" }, signal);
    await client.updateIssue(number, { body: "two", state: "closed" }, signal);
    expect(await client.issues(signal)).toMatchObject([{ number, body: "two", isOwn: true, isOpen: false }]);
  });
});
