import type { Payload } from "../events/payload.ts";
import type { ForgeClient, ForgeIssue, ForgeSetup } from "./forge.ts";
import { forgeHttp } from "./forge-http.ts";
import { mergedIn } from "./merged-pulls.ts";
import { ownId } from "./own-id.ts";
import { RETIRED } from "./retired.ts";

/** Gitea and Forgejo. */
export function connectGitea(setup: ForgeSetup): ForgeClient {
  const http = forgeHttp({ ...setup, headers: { authorization: `token ${setup.token}` } });
  const repo = `repos/${setup.path.split("/").map(encodeURIComponent).join("/")}`;
  const me = ownId(async (signal) => http.ask({ method: "GET", path: "user" }, signal));
  return {
    pullRequest: async (number, signal) => {
      const pull = await http.ask({ method: "GET", path: `${repo}/pulls/${number}` }, signal);
      return { head: pull.at("head", "sha").text() ?? "", base: pull.at("base", "ref").text() ?? "" };
    },
    comments: async (number, signal) => {
      const [own, all] = await Promise.all([
        me(signal),
        http.all(`${repo}/issues/${number}/comments?limit=50`, signal),
      ]);
      return all.map((comment) => ({
        id: String(comment.at("id").number() ?? ""),
        body: comment.at("body").text() ?? "",
        isOwn: comment.at("user", "id").number() === own,
        isMinimised: false,
        url: comment.at("html_url").text() ?? "",
      }));
    },
    createComment: async (number, body, signal) => {
      const path = `${repo}/issues/${number}/comments`;
      const made = await http.ask({ method: "POST", path, body: { body } }, signal);
      const id = String(made.at("id").number() ?? "");
      return { id, body, isOwn: true, isMinimised: false, url: made.at("html_url").text() ?? "" };
    },
    updateComment: async (_number, id, body, signal) => {
      await http.ask({ method: "PATCH", path: `${repo}/issues/comments/${id}`, body: { body } }, signal);
    },
    retireComment: async (_number, id, signal) => {
      await http.ask({ method: "PATCH", path: `${repo}/issues/comments/${id}`, body: { body: RETIRED } }, signal);
    },
    mergedPulls: async (branch, signal) => {
      const path = `${repo}/pulls?state=closed&sort=recentupdate&limit=50`;
      const pulls = (await http.ask({ method: "GET", path }, signal)).list();
      const into = (pull: Payload): boolean => pull.at("merged").isTrue() && pull.at("base", "ref").text() === branch;
      return mergedIn(pulls.filter(into));
    },
    issues: async (signal) => {
      const [own, all] = await Promise.all([
        me(signal),
        http.all(`${repo}/issues?state=all&type=issues&limit=50`, signal),
      ]);
      return all.map((issue) => issueOf(issue, own)).toSorted((a, b) => a.number - b.number);
    },
    createIssue: async (issue, signal) =>
      issueOf(await http.ask({ method: "POST", path: `${repo}/issues`, body: issue }, signal), undefined),
    updateIssue: async (number, body, signal) => {
      await http.ask({ method: "PATCH", path: `${repo}/issues/${number}`, body }, signal);
    },
  };
}

function issueOf(issue: Payload, own: number | undefined): ForgeIssue {
  return {
    number: issue.at("number").number() ?? 0,
    body: issue.at("body").text() ?? "",
    isOwn: issue.at("user", "id").number() === own,
    isOpen: issue.at("state").text() === "open",
    url: issue.at("html_url").text() ?? "",
  };
}
