import { createHmac } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";
import { createReceiver } from "../../../src/follow/webhooks/receiver.ts";

const SECRET = "correct horse";
const NOW = Date.UTC(2026, 0, 2, 3, 4, 5);
const CLONE_URL = "https://forge.example/team/bots.git";

let woken: string[] = [];
let secrets: readonly string[] = [SECRET];
let receiver = createReceiver({ sources: () => [], now: () => NOW });

beforeEach(() => {
  woken = [];
  secrets = [SECRET];
  receiver = createReceiver({
    sources: () => [
      { name: "bots", url: CLONE_URL, secrets, wake: () => woken.push("bots") },
      { name: "other", url: "https://forge.example/team/other.git", secrets, wake: () => woken.push("other") },
    ],
    now: () => NOW,
  });
});

const push = JSON.stringify({ ref: "refs/heads/main", repository: { clone_url: CLONE_URL } });

function hex(body: string, secret = SECRET): string {
  return createHmac("sha256", secret).update(body).digest("hex");
}

function standard(
  body: string,
  { id = "msg_1", at = NOW / 1000, key = Buffer.from(SECRET) } = {},
): Record<string, string> {
  const proof = createHmac("sha256", key)
    .update(`${id}.${Math.floor(at)}.${body}`)
    .digest("base64");
  return { "webhook-id": id, "webhook-timestamp": String(Math.floor(at)), "webhook-signature": `v1,${proof}` };
}

async function post(headers: Record<string, string>, body = push): Promise<number> {
  const response = await receiver.request("/any/path", { method: "POST", headers, body });
  return response.status;
}

const gitlab = JSON.stringify({ project: { git_http_url: CLONE_URL, git_ssh_url: "git@forge.example:team/bots.git" } });
const cloud = JSON.stringify({ repository: { links: { html: { href: "https://forge.example/team/bots" } } } });
const dataCenter = JSON.stringify({ repository: { links: { clone: [{ href: CLONE_URL, name: "http" }] } } });

describe("a delivery that proves its sender wakes who follows the repository, and nobody else", () => {
  it.each([
    {
      sender: "GitHub",
      headers: { "x-hub-signature-256": `sha256=${hex(push)}`, "x-hub-signature": "sha1=0" },
      body: push,
    },
    { sender: "GitLab by token", headers: { "x-gitlab-token": SECRET }, body: gitlab },
    { sender: "GitLab signed", headers: { ...standard(gitlab), "x-gitlab-event": "Push Hook" }, body: gitlab },
    { sender: "Gitea", headers: { "x-gitea-signature": hex(push) }, body: push },
    {
      sender: "Gitea with GitHub's headers",
      headers: { "x-gitea-signature": hex(push), "x-hub-signature-256": "sha256=0" },
      body: push,
    },
    { sender: "Forgejo", headers: { "x-forgejo-signature": hex(push), "x-gitea-signature": hex(push) }, body: push },
    {
      sender: "Bitbucket Cloud",
      headers: { "x-event-key": "repo:push", "x-hub-signature": `sha256=${hex(cloud)}` },
      body: cloud,
    },
    {
      sender: "Bitbucket Data Center",
      headers: { "x-event-key": "repo:refs_changed", "x-hub-signature": `sha256=${hex(dataCenter)}` },
      body: dataCenter,
    },
    { sender: "generic HMAC", headers: { "x-signature": `sha256=${hex(push)}` }, body: push },
    { sender: "Standard Webhooks", headers: standard(push), body: push },
  ])("$sender", async ({ headers, body }) => {
    expect(await post({ ...headers, "content-type": "application/json" }, body)).toBe(202);
    expect(woken).toEqual(["bots"]);
  });

  it("in the form encoding that GitHub may use", async () => {
    const body = new URLSearchParams({ payload: push }).toString();
    const headers = {
      "content-type": "application/x-www-form-urlencoded",
      "x-hub-signature-256": `sha256=${hex(body)}`,
    };
    expect(await post(headers, body)).toBe(202);
    expect(woken).toEqual(["bots"]);
  });

  it("by a secret in the base64 form of Standard Webhooks", async () => {
    const key = Buffer.from("0123456789abcdef");
    secrets = [`whsec_${key.toString("base64")}`];
    expect(await post(standard(push, { key }))).toBe(202);
    expect(woken).toEqual(["bots"]);
  });

  it("by the old secret and the new one, while one takes over from the other", async () => {
    secrets = ["old one", "new one"];
    expect(await post({ "x-hub-signature-256": `sha256=${hex(push, "old one")}` })).toBe(202);
    expect(await post({ "x-hub-signature-256": `sha256=${hex(push, "new one")}` })).toBe(202);
    expect(woken).toEqual(["bots", "bots"]);
  });
});

describe("a delivery that proves nothing wakes nobody", () => {
  it.each([
    { says: "no proof at all", headers: {} },
    { says: "another secret", headers: { "x-hub-signature-256": `sha256=${hex(push, "guess")}` } },
    {
      says: "SHA-1 alone",
      headers: { "x-hub-signature": `sha1=${createHmac("sha1", SECRET).update(push).digest("hex")}` },
    },
    { says: "a token that is a beginning of the right one", headers: { "x-gitlab-token": SECRET.slice(0, -1) } },
    { says: "Bitbucket without a signature", headers: { "x-event-key": "repo:push" } },
    { says: "a signature of six minutes ago", headers: standard(push, { at: NOW / 1000 - 360 }) },
    { says: "a signature without a time", headers: { ...standard(push), "webhook-timestamp": "" } },
    {
      says: "the specific header wrong, the general one right",
      headers: { "x-gitea-signature": "0", "x-hub-signature-256": `sha256=${hex(push)}` },
    },
  ])("$says", async ({ headers }) => {
    expect(await post(headers)).toBe(404);
    expect(woken).toEqual([]);
  });

  it("an empty secret is no secret", async () => {
    secrets = [""];
    expect(await post({ "x-gitlab-token": "" })).toBe(404);
    expect(await post({ "x-hub-signature-256": `sha256=${hex(push, "")}` })).toBe(404);
    expect(woken).toEqual([]);
  });

  it("a repository nobody follows is answered as a bad signature is", async () => {
    const unknown = JSON.stringify({ repository: { clone_url: "https://forge.example/team/secret.git" } });
    const ask = async (body: string, secret: string): Promise<string> => {
      const headers = { "x-hub-signature-256": `sha256=${hex(body, secret)}` };
      const response = await receiver.request("/", { method: "POST", headers, body });
      return `${response.status} ${await response.text()}`;
    };
    expect(await ask(unknown, SECRET)).toBe(await ask(push, "guess"));
  });

  it("the same delivery a second time", async () => {
    const headers = { "x-hub-signature-256": `sha256=${hex(push)}`, "x-github-delivery": "72d3" };
    expect([await post(headers), await post(headers)]).toEqual([202, 202]);
    expect(woken).toEqual(["bots"]);
  });

  it("a body that is no JSON", async () => {
    expect(await post({ "x-gitlab-token": SECRET }, "{")).toBe(400);
  });

  it("a body above 1 MiB, whether its length is said or not", async () => {
    const body = `"${"x".repeat(1024 * 1024)}"`;
    expect(await post({ "x-gitlab-token": SECRET, "content-length": String(body.length) }, body)).toBe(413);
    expect(await post({ "x-gitlab-token": SECRET }, body)).toBe(413);
    expect(woken).toEqual([]);
  });

  it("another verb", async () => {
    expect((await receiver.request("/")).status).toBe(405);
  });
});
