import { type Context, Hono } from "hono";
import { type FakeForge, type FakeText, type ForgeState, type ForgeUser, page, serveForge } from "./fake-forge.ts";

/** What GitHub takes in one comment. */
const LONGEST = 65_536;

/** GitHub's API, as far as comments on pull requests need it, with the limits that its documentation names. */
export async function fakeGithub(state: ForgeState): Promise<FakeForge> {
  const app = new Hono();
  const repo = "/repos/acme/:repo";
  app.post("/graphql", async (context) => {
    const user = userOf(context, state);
    if (user === undefined) return unknownToken(context);
    const { query, variables } = await context.req.json<GraphQlRequest>();
    return context.json(graphql(state, user, query, variables));
  });
  app.use("*", async (context, next) => {
    const user = userOf(context, state);
    if (user === undefined) return unknownToken(context);
    if (context.req.method !== "GET") {
      if (!user.mayWrite) return context.json({ message: "Resource not accessible by integration" }, 403);
      if (state.limitNextWrites > 0) {
        state.limitNextWrites -= 1;
        const headers = state.retryAfter === undefined ? {} : { "retry-after": state.retryAfter };
        return context.json({ message: "You have exceeded a secondary rate limit." }, 403, headers);
      }
    }
    return next();
  });
  app.get(`${repo}/pulls/:number`, (context) => {
    const pull = state.pulls.get(Number(context.req.param("number")));
    return pull === undefined ? notFound(context) : context.json(pullJson(pull));
  });
  app.get(`${repo}/pulls`, (context) => {
    const base = context.req.query("base");
    const pulls = [...state.pulls.values()].filter(
      (pull) => pull.state === context.req.query("state") && pull.base === base,
    );
    const { items, headers } = page(context, pulls);
    return context.json(items.map(pullJson), 200, headers);
  });
  app.post(`${repo}/issues/:number/comments`, async (context) => {
    const { body } = await context.req.json<{ body: string }>();
    if (body.length > LONGEST) return tooLong(context);
    const made = state.comment(Number(context.req.param("number")), userOf(context, state) ?? nobody(), body);
    return context.json({ id: made.id, node_id: `node-${made.id}`, html_url: urlOf(made) }, 201);
  });
  app.patch(`${repo}/issues/comments/:id`, async (context) => {
    const comment = state.comments.find(({ id }) => id === Number(context.req.param("id")));
    const { body } = await context.req.json<{ body: string }>();
    if (body.length > LONGEST) return tooLong(context);
    if (comment === undefined) return notFound(context);
    comment.body = body;
    return context.json({ id: comment.id });
  });
  app.post(`${repo}/issues`, async (context) => {
    const { title, body } = await context.req.json<{ title: string; body: string }>();
    const id = state.nextId();
    const issue: FakeText = {
      id,
      number: id,
      title,
      body,
      author: userOf(context, state) ?? nobody(),
      isMinimised: false,
      state: "open",
    };
    state.issues.push(issue);
    return context.json({ number: issue.number, html_url: urlOf(issue) }, 201);
  });
  app.patch(`${repo}/issues/:number`, async (context) => {
    const issue = state.issues.find(({ number }) => number === Number(context.req.param("number")));
    if (issue === undefined) return notFound(context);
    Object.assign(issue, await context.req.json());
    return context.json({ number: issue.number });
  });
  return serveForge(state, app);
}

interface GraphQlRequest {
  readonly query: string;
  readonly variables: { readonly number?: number; readonly after?: string | null; readonly id?: string };
}

function graphql(state: ForgeState, user: ForgeUser, query: string, variables: GraphQlRequest["variables"]): object {
  if (query.startsWith("mutation")) {
    const comment = state.comments.find(({ id }) => `node-${id}` === variables.id);
    if (comment === undefined || !user.mayWrite) return { errors: [{ message: "Could not resolve to a node" }] };
    comment.isMinimised = true;
    return { data: { minimizeComment: { minimizedComment: { isMinimized: true } } } };
  }
  const isComments = query.includes("comments(");
  const all = isComments ? state.comments.filter(({ number }) => number === variables.number) : state.issues;
  const start = Number(variables.after ?? 0);
  const nodes = all.slice(start, start + 100).map((text) => ({
    id: `node-${text.id}`,
    databaseId: text.id,
    number: text.number,
    body: text.body,
    state: text.state.toUpperCase(),
    isMinimized: text.isMinimised,
    viewerDidAuthor: text.author.id === user.id,
    url: urlOf(text),
  }));
  const pageInfo = { hasNextPage: start + 100 < all.length, endCursor: String(start + 100) };
  const list = { nodes, pageInfo };
  return { data: { repository: isComments ? { pullRequest: { comments: list } } : { issues: list } } };
}

function pullJson({
  number,
  head,
  base,
  state,
  mergeCommit,
  mergedAt,
}: ForgeState["pulls"] extends Map<number, infer Pull> ? Pull : never): object {
  return {
    number,
    state,
    head: { sha: head },
    base: { ref: base },
    merge_commit_sha: mergeCommit ?? null,
    merged_at: mergedAt ?? null,
  };
}

function urlOf({ number, id }: FakeText): string {
  return `https://github.test/acme/bots/pull/${number}#issuecomment-${id}`;
}

function userOf(context: Pick<Context, "req">, state: ForgeState): ForgeUser | undefined {
  return state.users.get(context.req.header("authorization")?.replace(/^Bearer /u, "") ?? "");
}

function nobody(): never {
  throw new Error("asked without a token");
}

function unknownToken(context: Pick<Context, "json">): Response {
  return context.json({ message: "Bad credentials" }, 401);
}

function notFound(context: Context): Response {
  return context.json({ message: "Not Found" }, 404);
}

function tooLong(context: Context): Response {
  return context.json(
    { message: "Validation Failed", errors: [{ message: "body is too long (maximum is 65536 characters)" }] },
    422,
  );
}
