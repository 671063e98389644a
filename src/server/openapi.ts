import type { JsonObject } from "../model/json.ts";
import { json } from "./respond.ts";
import type { Dialect, Route } from "./route.ts";

const SCHEMA_PATH = "/api/schema";

/** The dialect's routes and the one that describes them all, itself included. */
export function withSchemaRoute(dialect: Dialect): readonly Route[] {
  const routes: Route[] = [...dialect.routes];
  let text: JsonObject | undefined;
  routes.push({
    method: "GET",
    path: SCHEMA_PATH,
    operation: "getSchema",
    summary: "This document.",
    access: "open",
    answers: [
      { status: 200, description: "OpenAPI 3.1", content: { "application/json": { schema: { type: "object" } } } },
    ],
    answer: () => json(200, (text ??= openApi(dialect, routes))),
  });
  return routes;
}

/** An OpenAPI 3.1 document of the routes, so that what it says is what is mounted. */
function openApi(dialect: Dialect, routes: readonly Route[]): JsonObject {
  const paths = Object.groupBy(routes, ({ path }) => path);
  return {
    openapi: "3.1.0",
    info: { title: dialect.title, description: dialect.description, version: "1.0.0" },
    security: [{ token: [] }],
    paths: Object.fromEntries(Object.entries(paths).map(([path, group]) => [path, pathItem(path, group ?? [])])),
    components: {
      schemas: dialect.schemas,
      securitySchemes: {
        token: { type: "apiKey", in: "header", name: "Authorization", description: "Token <token>" },
      },
    },
  };
}

function pathItem(path: string, routes: readonly Route[]): JsonObject {
  const parameters = [...path.matchAll(/\{(\w+)\}/gu)].map(([, name = ""]) => ({
    name,
    in: "path",
    required: true,
    schema: name === "session_id" ? { type: "string" } : { type: "string", format: "uuid" },
  }));
  return {
    ...(parameters.length > 0 && { parameters }),
    ...Object.fromEntries(routes.map((route) => [route.method.toLowerCase(), operation(route)])),
  };
}

function operation({ operation: operationId, summary, description, access, body, answers }: Route): JsonObject {
  return {
    operationId,
    summary,
    ...(description !== undefined && { description }),
    ...(access === "open" && { security: [] }),
    ...(body !== undefined && { requestBody: requestBody(body) }),
    responses: Object.fromEntries(
      answers.map(({ status, description: says, content }) => [
        String(status),
        { description: says, ...(content !== undefined && { content }) },
      ]),
    ),
  };
}

function requestBody({ schema, consumes }: NonNullable<Route["body"]>): JsonObject {
  const reference = { schema: { $ref: `#/components/schemas/${schema}` } };
  return { required: true, content: Object.fromEntries(consumes.map((type) => [type, reference])) };
}
