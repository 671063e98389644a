import type { ServerResponse } from "node:http";
import { describe, expect, it } from "vitest";
import { parseApp } from "../../src/client/dialects/doc/wire.ts";
import { ApiError, type FailureClass } from "../../src/model/errors.ts";
import { app, anAppDraft, UUID, wireApp } from "../support/client-builders.ts";
import { clientOf, json, NEVER, page, rejection, TOKEN, wireServer } from "../support/wire-server.ts";

type Answer = (response: ServerResponse) => void;

const answered = (status: number, type: string | undefined, body: string): Answer => {
  return (response) => response.writeHead(status, type === undefined ? {} : { "content-type": type }).end(body);
};
const jsonOf =
  (status: number, body: unknown): Answer =>
  (response) =>
    json(response, status, body);
const pageOf =
  (status: number): Answer =>
  (response) =>
    page(response, status);
const empty = (status: number): Answer => answered(status, undefined, "");

const calls = {
  list: (url: string) => clientOf(url).then((client) => client.list(app, NEVER)),
  get: (url: string) => clientOf(url).then((client) => client.get(app, UUID, NEVER)),
  create: (url: string) => clientOf(url).then((client) => client.create(app, anAppDraft(), NEVER)),
  update: (url: string) => clientOf(url).then((client) => client.update(app, parseApp(wireApp()), anAppDraft(), NEVER)),
  delete: (url: string) => clientOf(url).then((client) => client.delete(app, UUID, NEVER)),
};

const table: readonly [keyof typeof calls, string, Answer, FailureClass, RegExp][] = [
  [
    "list",
    "403 JSON",
    jsonOf(403, { detail: "Invalid token." }),
    "auth",
    /answered 403: Invalid token; the token was not/u,
  ],
  ["list", "401", empty(401), "auth", /token was not accepted/u],
  ["get", "403 without content", empty(403), "forbidden", /owner of the token may not/u],
  ["list", "403 page", pageOf(403), "forbidden", /no such route/u],
  ["list", "200 page", pageOf(200), "incomplete_read", /answered 200 with text\/html instead of JSON: there is no/u],
  ["list", "200 text", answered(200, "text/plain", "[]"), "incomplete_read", /text\/plain instead of JSON/u],
  ["list", "200 without content", empty(200), "incomplete_read", /no content instead of JSON/u],
  ["list", "200 that is no list", jsonOf(200, {}), "incomplete_read", /another shape than expected: it is no list/u],
  [
    "list",
    "200 that is no UTF-8",
    (r) => r.writeHead(200, { "content-type": "application/json" }).end(Buffer.from([0x22, 0xff, 0x22])),
    "incomplete_read",
    /ends early or is broken/u,
  ],
  [
    "list",
    "an item without uuid",
    jsonOf(200, [wireApp(), wireApp({}, { uuid: "7" })]),
    "incomplete_read",
    /item 2 of the list: it has no valid/u,
  ],
  [
    "list",
    "an item without data",
    jsonOf(200, [wireApp({}, { data: null })]),
    "incomplete_read",
    /item 1 of the list: 1111.* no object `data`/u,
  ],
  [
    "get",
    "another object",
    jsonOf(200, wireApp({}, { uuid: "99999999-2222-4333-8444-555555555555" })),
    "incomplete_read",
    /it is about 99999999-/u,
  ],
  ["get", "404 page", pageOf(404), "unsupported_server", /no such route/u],
  ["get", "404 without content", empty(404), "forbidden", /hidden from the owner/u],
  ["delete", "404 page", pageOf(404), "unsupported_server", /no such route/u],
  ["delete", "404 without content", empty(404), "forbidden", /hidden from the owner/u],
  ["delete", "200 page", pageOf(200), "ambiguous_write", /content \(text\/html\) where none belongs/u],
  ["delete", "200 JSON", jsonOf(200, {}), "ambiguous_write", /where none belongs/u],
  ["list", "400 page", pageOf(400), "incomplete_read", /host name, or the request is too large/u],
  ["create", "400 page", pageOf(400), "rejected", /too large \(we sent \d{3} bytes\)/u],
  ["create", "413 page", pageOf(413), "rejected", /answered 413: the request is too large \(we sent \d{3} bytes\)/u],
  [
    "create",
    "400 JSON",
    jsonOf(400, { type_slug: ["Unknown type."] }),
    "rejected",
    /answered 400: type_slug: Unknown type/u,
  ],
  ["create", "404 JSON", jsonOf(404, { detail: "Not found." }), "rejected", /answered 404: Not found/u],
  ["create", "409 of unknown shape", jsonOf(409, [1]), "rejected", /answered 409$/u],
  ["create", "415 JSON", jsonOf(415, { detail: "Unsupported media type." }), "rejected", /Unsupported media type/u],
  [
    "create",
    "429",
    jsonOf(429, { detail: "Throttled." }),
    "rate_limited",
    /Throttled; the server has had too many requests/u,
  ],
  [
    "create",
    "500 page",
    pageOf(500),
    "ambiguous_write",
    /answered 500: with a page; the server failed, and may or may not/u,
  ],
  ["create", "502 page", pageOf(502), "ambiguous_write", /may or may not have done it/u],
  ["create", "201 page", pageOf(201), "ambiguous_write", /instead of JSON/u],
  [
    "create",
    "201 that is cut short",
    answered(201, "application/json", '{"uuid": "1111'),
    "ambiguous_write",
    /ends early/u,
  ],
  ["create", "201 of another shape", jsonOf(201, { ok: true }), "ambiguous_write", /no object `data`/u],
  ["update", "404 JSON", jsonOf(404, { detail: "Not found." }), "not_found", /answered 404: Not found/u],
  ["update", "409 JSON", jsonOf(409, { detail: "Busy." }), "rejected", /answered 409: Busy/u],
  ["update", "500 page", pageOf(500), "ambiguous_write", /may or may not have done it/u],
  ["update", "200 page", pageOf(200), "ambiguous_write", /instead of JSON/u],
  ["delete", "500 page", pageOf(500), "server_error", /answered 500: with a page/u],
];

describe("an answer that cannot be used", () => {
  it.each(table)("%s answered with %s is not believed", async (call, _, answer, failure, says) => {
    const { url, seen } = await wireServer((_request, response) => answer(response));
    const error = await rejection(calls[call](url));
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ class: failure, remedy: expect.stringMatching(/./u) as string });
    expect(error.message).toMatch(says);
    expect(error.message).toMatch(/^(?:GET|POST|PATCH|DELETE) \/api\/apps/u);
    expect(error.message).not.toMatch(/<html>|SECRET_KEY|[\n\r]/u);
    expect(error.message).not.toContain(TOKEN);
    const writes = seen.filter(({ method }) => method === "POST" || method === "PATCH");
    expect(writes).toHaveLength(call === "create" || call === "update" ? 1 : 0);
  });

  it("an object that is gone is nothing to get and already deleted", async () => {
    const { url } = await wireServer((_, response) => json(response, 404, { detail: "Not found." }));
    expect(await calls.get(url)).toBeUndefined();
    expect(await calls.delete(url)).toBe("absent");
  });

  it("an echo of the token or of a sent value is masked", async () => {
    const { url } = await wireServer((request, response) => {
      json(response, 400, {
        detail: `no ${request.headers.authorization ?? ""} and sk-live-0123456789, see ${request.body}`,
      });
    });
    const client = await clientOf(url);
    const draft = anAppDraft({ web_config: { key: "sk-live-0123456789" } });
    const error = await rejection(client.create(app, draft, NEVER));
    expect(error.message).toMatch(/^POST \/api\/apps answered 400: no Token \(sent value\) and \(sent value\), see/u);
    expect(JSON.stringify(error)).not.toContain("sk-live-0123456789");
    expect(error.message).not.toContain("sk-live-0123456789");
  });

  it("the pages of a server in debug mode are not shown", async () => {
    const { url } = await wireServer((_, response) => {
      json(response, 500, {
        settings: { SECRET_KEY: "django-insecure" },
        detail: "Traceback (most recent call last): x",
      });
    });
    expect((await rejection(calls.create(url))).message).not.toMatch(/django|Traceback/u);
  });
});
