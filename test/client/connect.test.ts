import { describe, expect, it } from "vitest";
import { connect } from "../../src/client/connect.ts";
import { app } from "../support/client-builders.ts";
import { type Behaviour, clientOf, json, NEVER, page, rejection, TOKEN, wireServer } from "../support/wire-server.ts";

const open = (url: string, more = {}) =>
  connect({ url, token: TOKEN, timeoutMs: 5_000, retryBudgetMs: 500, ...more }, NEVER);

const types =
  (body: unknown): Behaviour =>
  (_, response) =>
    json(response, 200, body);

describe("which dialect a server speaks", () => {
  it.each<[string, Behaviour, string]>([
    ["404 with JSON", (_, response) => json(response, 404, { detail: "Not found." }), "404 (no such route)"],
    ["404 with a page", (_, response) => page(response, 404), "404 (no such route)"],
    ["a page", (_, response) => page(response, 200), "200 with a page (no such route)"],
  ])("%s at the datasource types is the documented API", async (_, behaviour, seen) => {
    const { url, seen: requests } = await wireServer(behaviour);
    const client = await open(url);
    expect(client.server).toEqual({ url, dialect: "doc", recognisedBy: `GET /api/datasource_types answered ${seen}` });
    expect(client.rules.name).toBe("doc");
    expect(requests.map(({ method, path }) => `${method} ${path}`)).toEqual(["GET /api/datasource_types"]);
    expect(client.requestCount()).toBe(1);
  });

  it.each<[unknown, RegExp]>([
    [["text"], /list of string: no LLMStack known/u],
    [{ results: [] }, /JSON that is no list/u],
  ])("%j is refused, saying what was seen", async (body, says) => {
    const { url } = await wireServer(types(body));
    const error = await rejection(open(url));
    expect(error).toMatchObject({
      class: "unsupported_server",
      remedy: expect.stringContaining("--dialect") as string,
    });
    expect(error.message).toMatch(says);
  });

  it("a bad token is a matter of the token, not of the dialect", async () => {
    const { url } = await wireServer((_, response) => json(response, 403, { detail: "Invalid token." }));
    await expect(open(url)).rejects.toMatchObject({ class: "auth" });
  });

  it("a server that is not there is said soon, after a few tries", async () => {
    const { url, seen } = await wireServer((_, response) => page(response, 503));
    await expect(open(url, { retryBudgetMs: 20_000 })).rejects.toMatchObject({ class: "server_error" });
    expect(seen).toHaveLength(3);
  });

  it("a dialect that is named is believed without a request", async () => {
    const { url, seen } = await wireServer(types([]));
    const client = await open(url, { dialect: "doc" });
    expect(client.server.recognisedBy).toBe("named with --dialect");
    expect(seen).toEqual([]);
  });

  it("a name that is no dialect is answered with the known ones", async () => {
    const error = await rejection(open("http://127.0.0.1:1", { dialect: "docs" }));
    expect(error).toMatchObject({
      class: "usage",
      remedy: expect.stringContaining("doc (the documented API") as string,
    });
  });
});

describe("the address of a server", () => {
  it.each([
    "127.0.0.1:3000",
    "localhost",
    "ftp://host",
    "http://host/api",
    "http://host/api/",
    "https://host/?a=1",
    "http://h/#x",
  ])("%s is refused with what to write instead", async (url) => {
    const error = await rejection(open(url));
    expect(error).toMatchObject({ class: "usage", remedy: expect.stringMatching(/./u) as string });
  });

  it("a password in it is refused and not repeated", async () => {
    const error = await rejection(open("http://user:hunter2@host"));
    expect(error).toMatchObject({ class: "usage" });
    expect(JSON.stringify([error, error.message])).not.toContain("hunter2");
  });

  it("may have a path, with or without a slash at its end", async () => {
    const { url, seen } = await wireServer(types([]));
    const [one, two] = await Promise.all([clientOf(`${url}/stack`), clientOf(`${url}/stack/`)]);
    await one.list(app, NEVER);
    await two.list(app, NEVER);
    expect(seen.map(({ path }) => path)).toEqual(["/stack/api/apps", "/stack/api/apps"]);
  });
});

describe("the token", () => {
  it.each(["", " \n", "abc def", "abc\ndef", "tökén"])("%j is refused before anything is sent", async (token) => {
    const error = await rejection(open("http://127.0.0.1:1", { token }));
    expect(error).toMatchObject({ class: "auth" });
    expect(error.message).not.toMatch(/abc|tökén/u);
  });

  it("may come with the line break of its file", async () => {
    const { url, seen } = await wireServer((_, response) => page(response, 404));
    await open(url, { token: `${TOKEN}\n` });
    expect(seen[0]?.headers.authorization).toBe(`Token ${TOKEN}`);
  });

  it.each(["a b", "host/path", "host\r\nX: y", ""])("%j is no Host header", async (hostHeader) => {
    await expect(open("http://127.0.0.1:1", { hostHeader })).rejects.toMatchObject({ class: "usage" });
  });
});
