import { Hono, type Context } from "hono";
import { type Body, BrokenRequest, readBody } from "./body/read-body.ts";
import type { CheckToken } from "./auth.ts";
import { Refusal, unreadable } from "./refusal.ts";
import { json } from "./respond.ts";
import type { Call, Dialect, Route } from "./route.ts";

/** What the server gives a request besides the request itself. */
export interface Exchange extends Omit<Call, "parameter" | "body"> {
  noteBody(body: Body): void;
  noteDefect(error: unknown): void;
}

interface Env {
  readonly Bindings: Exchange;
}

/**
 * The routes as one function from a request to its answer. Under /api the token is checked before anything else is
 * said, routes with open access aside. OPTIONS and HEAD follow from the table. Rejects with BrokenRequest alone.
 */
export function mount(dialect: Dialect, routes: readonly Route[], check: CheckToken): Hono<Env> {
  const app = new Hono<Env>();
  const open = new Set(routes.filter(({ access }) => access === "open").map(({ path }) => path));
  app.use("/api/*", async (context, next) => {
    const detail = open.has(context.req.path) ? undefined : check(context.req.raw.headers.get("authorization"));
    if (detail !== undefined) return dialect.refuse({ kind: "not-authenticated", detail });
    await next();
    return undefined;
  });
  for (const route of routes) app.on(route.method, honoPath(route.path), (context) => answer(route, context));
  for (const [path, group] of Object.entries(Object.groupBy(routes, (route) => route.path))) {
    const allowed = [...(group ?? []).map(({ method }) => method), "HEAD", "OPTIONS"];
    app.on("OPTIONS", honoPath(path), () => describe(path, group ?? [], allowed));
    app.all(honoPath(path), ({ req }) => dialect.refuse({ kind: "wrong-method", method: req.method, allowed }));
  }
  app.notFound(() => dialect.refuse({ kind: "no-such-route" }));
  app.onError((error, context) => {
    if (error instanceof Refusal) return dialect.refuse(error.reason);
    if (error instanceof BrokenRequest) throw error;
    context.env.noteDefect(error);
    return json(500, { detail: `The reference server failed: ${error.message}` });
  });
  return app;
}

async function answer(route: Route, context: Context<Env>): Promise<Response> {
  const { req, env } = context;
  const body = route.body === undefined ? undefined : await readBody(req.raw, route.body.consumes);
  if (body !== undefined) env.noteBody(body);
  return route.answer({ ...env, parameter: (name) => parameter(context, name), body: body?.value ?? {} });
}

function parameter(context: Context<Env>, name: string): string {
  const value = context.req.param(name);
  if (value === undefined) throw unreadable(`The path has no ${name}.`);
  return value;
}

/** As Django REST framework describes a view: clients find out without a write what a path takes. */
function describe(path: string, routes: readonly Route[], allowed: readonly string[]): Response {
  const parses = [...new Set(routes.flatMap(({ body }) => body?.consumes ?? []))];
  const description = { name: path, description: routes.map(({ summary }) => summary).join(" ") };
  return json(200, { ...description, renders: ["application/json"], parses }, { allow: allowed.join(", ") });
}

function honoPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/gu, ":$1");
}
