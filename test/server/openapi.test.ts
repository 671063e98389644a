import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { dialects } from "../../src/server/dialects/dialects.ts";
import { type Answer, anApp, NOBODY, startServer } from "../support/server-requests.ts";

interface Operation {
  readonly operationId: string;
  readonly security?: readonly unknown[];
  readonly requestBody?: unknown;
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: object }>> }>
  >;
}

interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

const VERBS = ["get", "post", "put", "patch", "delete"];
const api = startServer();
const described = await api.send("GET", "/api/schema", undefined, { authorization: "" });
const document = described.json as Document;
const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).flatMap(([verb, operation]) => (VERBS.includes(verb) ? [{ path, verb, operation }] : [])),
);
const concrete = (path: string): string => path.replaceAll(/\{\w+\}/gu, NOBODY);

describe("the OpenAPI document", () => {
  it("is served without a token", () => {
    expect([described.status, document.openapi]).toEqual([200, "3.1.0"]);
  });

  it("names every route of the table once, and no other", () => {
    const routes = dialects.doc.routes.map(({ method, path }) => `${method} ${path}`);
    const named = operations.map(({ verb, path }) => `${verb.toUpperCase()} ${path}`);
    expect(named.toSorted()).toEqual([...routes, "GET /api/schema"].toSorted());
    expect(new Set(operations.map(({ operation }) => operation.operationId)).size).toBe(operations.length);
  });

  it("has every endpoint of the documented API", () => {
    expect(operations.map(({ verb, path }) => `${verb} ${path}`)).toEqual(
      expect.arrayContaining([
        "post /api/apps/{uuid}/run",
        "post /api/apps/{uuid}/run/{session_id}",
        "post /api/apps",
        "patch /api/apps/{uuid}",
        "get /api/datasources",
        "post /api/datasources",
        "delete /api/datasources/{uuid}",
        "post /api/datasources/{uuid}/entries",
        "get /api/datasources/{uuid}/entries",
        "delete /api/datasources/{uuid}/entries/{entry_uuid}",
      ]),
    );
  });

  it.each(operations)("tells the truth about $verb $path", async ({ verb, path, operation }) => {
    const { status, headers } = await api.send(verb.toUpperCase(), concrete(path), operation.requestBody && "{");
    expect(status).not.toBe(405);
    expect(Object.keys(operation.responses)).toContain(String(status));
    expect(headers.get("content-type")).toBe("application/json");
    const stranger = await api.send(verb.toUpperCase(), concrete(path), undefined, { authorization: "" });
    expect(stranger.status === 403).toBe(operation.security === undefined);
  });

  it.each(Object.entries(document.paths))("knows every verb of %s", async (path, item) => {
    const missing = VERBS.filter((verb) => !(verb in item));
    const answers = await Promise.all(missing.map((verb) => api.send(verb.toUpperCase(), concrete(path))));
    expect(answers.map(({ status }) => status)).toEqual(missing.map(() => 405));
  });
});

describe("what the server answers", () => {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema({ $id: "doc", components: document.components });

  function validatorOf({ verb, path }: Request, { status }: Answer): ValidateFunction {
    const schema = document.paths[path]?.[verb]?.responses[String(status)]?.content?.["application/json"]?.schema;
    const text = JSON.stringify(schema ?? false).replaceAll('"#/components', '"doc#/components');
    return ajv.compile(JSON.parse(text) as object);
  }

  interface Request {
    readonly verb: string;
    readonly path: string;
  }

  it("is what its document says", async () => {
    const app = await api.send("POST", "/api/apps", anApp({ description: null, config: null }));
    const source = await api.send("POST", "/api/datasources", { name: "d", type: "url" });
    const uuid = { app: `/api/apps/${app.uuid}`, source: `/api/datasources/${source.uuid}` };
    const entry = { entry_data: { name: "e", url: "https://example.com" }, entry_metadata: null };
    const answers: readonly (readonly [Request, Answer])[] = [
      [{ verb: "post", path: "/api/apps" }, app],
      [{ verb: "post", path: "/api/datasources" }, source],
      [{ verb: "get", path: "/api/apps" }, await api.send("GET", "/api/apps")],
      [{ verb: "get", path: "/api/apps/{uuid}" }, await api.send("GET", uuid.app)],
      [{ verb: "patch", path: "/api/apps/{uuid}" }, await api.send("PATCH", uuid.app, { processors: null })],
      [{ verb: "post", path: "/api/apps/{uuid}/run" }, await api.send("POST", `${uuid.app}/run`, {})],
      [{ verb: "get", path: "/api/datasources" }, await api.send("GET", "/api/datasources")],
      [
        { verb: "post", path: "/api/datasources/{uuid}/entries" },
        await api.send("POST", `${uuid.source}/entries`, entry),
      ],
      [{ verb: "get", path: "/api/datasources/{uuid}/entries" }, await api.send("GET", `${uuid.source}/entries`)],
      [{ verb: "post", path: "/api/apps" }, await api.send("POST", "/api/apps", {})],
      [{ verb: "post", path: "/api/apps" }, await api.send("POST", "/api/apps", "[]")],
      [{ verb: "get", path: "/api/apps/{uuid}" }, await api.send("GET", `/api/apps/${NOBODY}`)],
    ];
    for (const [request, answer] of answers) {
      const validate = validatorOf(request, answer);
      expect([request, answer.status, validate(answer.json), validate.errors]).toEqual([
        request,
        answer.status,
        true,
        null,
      ]);
    }
  });
});
