import { type Context, Hono } from "hono";
import { type FakeForge, type FakeText, type ForgeState, type ForgeUser, page, serveForge } from "./fake-forge.ts";

/** What GitLab takes in one note. */
const LONGEST = 1_000_000;

/** GitLab's API, as far as notes on merge requests need it. A job's own token may read and not write notes. */
export async function fakeGitlab(state: ForgeState): Promise<FakeForge> {
  const app = new Hono();
  const project = "/api/v4/projects/42";
  app.use("*", async (context, next) => {
    const user = userOf(context, state);
    if (user === undefined) return context.json({ message: "401 Unauthorized" }, 401);
    if (context.req.method !== "GET") {
      if (!user.mayWrite) return context.json({ message: "403 Forbidden" }, 403);
      if (state.limitNextWrites > 0) {
        state.limitNextWrites -= 1;
        return context.json({ message: "Too Many Requests" }, 429, { "retry-after": state.retryAfter ?? "0" });
      }
    }
    return next();
  });
  app.get("/api/v4/user", (context) => context.json({ id: userOf(context, state)?.id }));
  app.get(`${project}/merge_requests/:iid`, (context) => {
    const pull = state.pulls.get(Number(context.req.param("iid")));
    return pull === undefined ? notFound(context) : context.json(mergeRequestJson(pull));
  });
  app.get(`${project}/merge_requests`, (context) => {
    const branch = context.req.query("target_branch");
    const merged = [...state.pulls.values()].filter((pull) => pull.mergedAt !== undefined && pull.base === branch);
    const { items, headers } = page(context, merged);
    return context.json(items.map(mergeRequestJson), 200, headers);
  });
  app.get(`${project}/merge_requests/:iid/notes`, (context) => {
    const notes = state.comments.filter(({ number }) => number === Number(context.req.param("iid")));
    const { items, headers } = page(context, notes, state.nextPageHost);
    return context.json(items.map(noteJson), 200, headers);
  });
  app.post(`${project}/merge_requests/:iid/notes`, async (context) => {
    const { body } = await context.req.json<{ body: string }>();
    if (Buffer.byteLength(body) > LONGEST) return context.json({ message: "400 Bad request" }, 400);
    const made = state.comment(Number(context.req.param("iid")), userOf(context, state) ?? nobody(), body);
    return context.json(noteJson(made), 201);
  });
  app.put(`${project}/merge_requests/:iid/notes/:id`, async (context) => {
    const note = state.comments.find(({ id }) => id === Number(context.req.param("id")));
    if (note === undefined) return notFound(context);
    note.body = (await context.req.json<{ body: string }>()).body;
    return context.json(noteJson(note));
  });
  app.get(`${project}/issues`, (context) => {
    const { items, headers } = page(context, state.issues);
    return context.json(items.map(issueJson), 200, headers);
  });
  app.post(`${project}/issues`, async (context) => {
    const { title, description } = await context.req.json<{ title: string; description: string }>();
    const id = state.nextId();
    const author = userOf(context, state) ?? nobody();
    const issue: FakeText = { id, number: id, title, body: description, author, isMinimised: false, state: "open" };
    state.issues.push(issue);
    return context.json(issueJson(issue), 201);
  });
  app.put(`${project}/issues/:iid`, async (context) => {
    const issue = state.issues.find(({ number }) => number === Number(context.req.param("iid")));
    if (issue === undefined) return notFound(context);
    const change = await context.req.json<{ description: string; state_event: string }>();
    issue.body = change.description;
    issue.state = change.state_event === "close" ? "closed" : "open";
    return context.json(issueJson(issue));
  });
  return serveForge(state, app);
}

function mergeRequestJson(pull: ForgeState["pulls"] extends Map<number, infer Pull> ? Pull : never): object {
  const state = pull.mergedAt === undefined ? (pull.state === "open" ? "opened" : "closed") : "merged";
  return {
    iid: pull.number,
    target_branch: pull.base,
    sha: pull.head,
    state,
    merge_commit_sha: pull.mergeCommit ?? null,
    merged_at: pull.mergedAt ?? null,
  };
}

function noteJson({ id, body, author }: FakeText): object {
  return { id, body, system: false, author: { id: author.id } };
}

function issueJson({ number, body, author, state }: FakeText): object {
  return {
    iid: number,
    description: body,
    author: { id: author.id },
    state: state === "open" ? "opened" : "closed",
    web_url: `https://gitlab.test/-/issues/${number}`,
  };
}

function userOf(context: Pick<Context, "req">, state: ForgeState): ForgeUser | undefined {
  return state.users.get(context.req.header("private-token") ?? "");
}

function nobody(): never {
  throw new Error("asked without a token");
}

function notFound(context: Context): Response {
  return context.json({ message: "404 Not found" }, 404);
}
