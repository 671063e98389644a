import { SyncError } from "../../model/errors.ts";
import type { Payload } from "../events/payload.ts";
import type { ForgeClient, ForgeComment, ForgeIssue, ForgeSetup } from "./forge.ts";
import { type ForgeHttp, forgeHttp } from "./forge-http.ts";
import { mergedIn } from "./merged-pulls.ts";

const COMMENT = "id databaseId body isMinimized viewerDidAuthor url";

const COMMENTS = `query($owner: String!, $name: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $name) { pullRequest(number: $number) {
    comments(first: 100, after: $after) { nodes { ${COMMENT} } pageInfo { hasNextPage endCursor } } } } }`;

const ISSUES = `query($owner: String!, $name: String!, $after: String) {
  repository(owner: $owner, name: $name) {
    issues(first: 100, after: $after, orderBy: { field: CREATED_AT, direction: ASC }) {
      nodes { number body state viewerDidAuthor url } pageInfo { hasNextPage endCursor } } } }`;

const MINIMIZE = `mutation($id: ID!) {
  minimizeComment(input: { subjectId: $id, classifier: OUTDATED }) { minimizedComment { isMinimized } } }`;

/**
 * GitHub: what it alone can tell (whose comment it is for this token, and whether it is hidden) is asked by GraphQL,
 * the rest by REST.
 */
export function connectGithub(setup: ForgeSetup): ForgeClient {
  const headers = { authorization: `Bearer ${setup.token}`, "x-github-api-version": "2022-11-28" };
  const http = forgeHttp({ ...setup, headers });
  const graphql = graphqlOf(setup, headers);
  const [owner = "", name = ""] = setup.path.split("/");
  const repo = `repos/${encodeURIComponent(owner)}/${encodeURIComponent(name)}`;
  const issuePath = (number: number): string => `${repo}/issues/${number}`;
  /** GraphQL names a comment by another id than REST: both are kept in one. */
  const restId = (id: string): string => id.split(":")[0] ?? "";
  return {
    pullRequest: async (number, signal) => {
      const pull = await http.ask({ method: "GET", path: `${repo}/pulls/${number}` }, signal);
      return { head: pull.at("head", "sha").text() ?? "", base: pull.at("base", "ref").text() ?? "" };
    },
    comments: async (number, signal) => {
      const place = ["repository", "pullRequest", "comments"];
      return (await graphql.all(COMMENTS, { owner, name, number }, place, signal)).map(commentOf);
    },
    createComment: async (number, body, signal) => {
      const path = `${issuePath(number)}/comments`;
      const made = await http.ask({ method: "POST", path, body: { body } }, signal);
      const id = `${made.at("id").number() ?? ""}:${made.at("node_id").text() ?? ""}`;
      return { id, body, isOwn: true, isMinimised: false, url: made.at("html_url").text() ?? "" };
    },
    updateComment: async (_number, id, body, signal) => {
      await http.ask({ method: "PATCH", path: `${repo}/issues/comments/${restId(id)}`, body: { body } }, signal);
    },
    retireComment: async (_number, id, signal) => {
      await graphql.ask(MINIMIZE, { id: id.slice(restId(id).length + 1) }, signal);
    },
    mergedPulls: async (branch, signal) => {
      const query = `state=closed&base=${encodeURIComponent(branch)}&sort=updated&direction=desc&per_page=100`;
      const page = await http.ask({ method: "GET", path: `${repo}/pulls?${query}` }, signal);
      return mergedIn(page.list());
    },
    issues: async (signal) =>
      (await graphql.all(ISSUES, { owner, name }, ["repository", "issues"], signal)).map((node) =>
        issueOf(node, "OPEN"),
      ),
    createIssue: async (issue, signal) => {
      const made = await http.ask({ method: "POST", path: `${repo}/issues`, body: issue }, signal);
      const number = made.at("number").number() ?? 0;
      return { number, body: issue.body, isOwn: true, isOpen: true, url: made.at("html_url").text() ?? "" };
    },
    updateIssue: async (number, body, signal) => {
      await http.ask({ method: "PATCH", path: issuePath(number), body }, signal);
    },
  };
}

function commentOf(node: Payload): ForgeComment {
  return {
    id: `${node.at("databaseId").number() ?? ""}:${node.at("id").text() ?? ""}`,
    body: node.at("body").text() ?? "",
    isOwn: node.at("viewerDidAuthor").isTrue(),
    isMinimised: node.at("isMinimized").isTrue(),
    url: node.at("url").text() ?? "",
  };
}

function issueOf(node: Payload, open: string): ForgeIssue {
  return {
    number: node.at("number").number() ?? 0,
    body: node.at("body").text() ?? "",
    isOwn: node.at("viewerDidAuthor").isTrue(),
    isOpen: node.at("state").text() === open,
    url: node.at("url").text() ?? "",
  };
}

interface GraphQl {
  ask(query: string, variables: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<Payload>;
  all(
    query: string,
    variables: Readonly<Record<string, unknown>>,
    place: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly Payload[]>;
}

function graphqlOf(setup: ForgeSetup, headers: Readonly<Record<string, string>>): GraphQl {
  // github.com has it beside the REST API, an own server in a folder beside it.
  const url = setup.graphqlUrl ?? `${setup.apiUrl.replace(/\/v3\/?$/u, "").replace(/\/$/u, "")}/graphql`;
  const http: ForgeHttp = forgeHttp({ apiUrl: new URL(url).origin, timeoutMs: setup.timeoutMs, headers });
  const ask: GraphQl["ask"] = async (query, variables, signal) => {
    const body = { query, variables };
    // Both the queries and the one mutation lead to the same however often they are sent.
    const answer = await http.ask({ method: "POST", path: new URL(url).pathname, body, isRepeatable: true }, signal);
    const [error] = answer.at("errors").list();
    if (error === undefined) return answer.at("data");
    throw new SyncError("rejected", `the forge's GraphQL answered: ${error.at("message").text() ?? "an error"}`);
  };
  return {
    ask,
    all: async (query, variables, place, signal) => {
      const nodes: Payload[] = [];
      let after: string | undefined;
      for (;;) {
        const page = (await ask(query, { ...variables, after: after ?? null }, signal)).at(...place);
        nodes.push(...page.at("nodes").list());
        const next = page.at("pageInfo", "endCursor").text();
        if (!page.at("pageInfo", "hasNextPage").isTrue() || next === undefined || next === after) return nodes;
        after = next;
      }
    },
  };
}
