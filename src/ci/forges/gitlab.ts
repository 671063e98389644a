import type { Payload } from "../events/payload.ts";
import type { ForgeClient, ForgeIssue, ForgeSetup } from "./forge.ts";
import { forgeHttp } from "./forge-http.ts";
import { mergedIn } from "./merged-pulls.ts";
import { ownId } from "./own-id.ts";
import { RETIRED } from "./retired.ts";

/** GitLab, by a project's or a group's access token: a job's own token may not write notes. */
export function connectGitlab(setup: ForgeSetup): ForgeClient {
  const http = forgeHttp({ ...setup, headers: { "private-token": setup.token } });
  const project = `projects/${encodeURIComponent(setup.path)}`;
  const notes = (number: number): string => `${project}/merge_requests/${number}/notes`;
  const me = ownId(async (signal) => http.ask({ method: "GET", path: "user" }, signal));
  const put = async (path: string, body: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<void> => {
    await http.ask({ method: "PUT", path, body }, signal);
  };
  return {
    pullRequest: async (number, signal) => {
      const pull = await http.ask({ method: "GET", path: `${project}/merge_requests/${number}` }, signal);
      return { head: pull.at("sha").text() ?? "", base: pull.at("target_branch").text() ?? "" };
    },
    comments: async (number, signal) => {
      const path = `${notes(number)}?per_page=100&sort=asc&order_by=created_at`;
      const [own, all] = await Promise.all([me(signal), http.all(path, signal)]);
      return all
        .filter((note) => !note.at("system").isTrue())
        .map((note) => ({
          id: String(note.at("id").number() ?? ""),
          body: note.at("body").text() ?? "",
          isOwn: note.at("author", "id").number() === own,
          isMinimised: false,
          url: "",
        }));
    },
    createComment: async (number, body, signal) => {
      const made = await http.ask({ method: "POST", path: notes(number), body: { body } }, signal);
      return { id: String(made.at("id").number() ?? ""), body, isOwn: true, isMinimised: false, url: "" };
    },
    updateComment: async (number, id, body, signal) => put(`${notes(number)}/${id}`, { body }, signal),
    retireComment: async (number, id, signal) => put(`${notes(number)}/${id}`, { body: RETIRED }, signal),
    mergedPulls: async (branch, signal) => {
      const query = `state=merged&target_branch=${encodeURIComponent(branch)}&order_by=updated_at&sort=desc&per_page=100`;
      return mergedIn((await http.ask({ method: "GET", path: `${project}/merge_requests?${query}` }, signal)).list());
    },
    issues: async (signal) => {
      const path = `${project}/issues?per_page=100&sort=asc&order_by=created_at&scope=all`;
      const [own, all] = await Promise.all([me(signal), http.all(path, signal)]);
      return all.map((issue) => issueOf(issue, own));
    },
    createIssue: async ({ title, body }, signal) => {
      const made = await http.ask(
        { method: "POST", path: `${project}/issues`, body: { title, description: body } },
        signal,
      );
      return { ...issueOf(made, undefined), isOwn: true };
    },
    updateIssue: async (number, { body, state }, signal) =>
      put(
        `${project}/issues/${number}`,
        { description: body, state_event: state === "open" ? "reopen" : "close" },
        signal,
      ),
  };
}

function issueOf(issue: Payload, own: number | undefined): ForgeIssue {
  return {
    number: issue.at("iid").number() ?? 0,
    body: issue.at("description").text() ?? "",
    isOwn: issue.at("author", "id").number() === own,
    isOpen: issue.at("state").text() === "opened",
    url: issue.at("web_url").text() ?? "",
  };
}
