import { isObject, type Json } from "../../model/json.ts";

/** Where forges say which repository a delivery is about: GitHub, Gitea and Forgejo; GitLab; Bitbucket, both kinds. */
const PLACES: readonly (readonly string[])[] = [
  ["repository", "clone_url"],
  ["repository", "ssh_url"],
  ["repository", "html_url"],
  ["repository", "url"],
  ["repository", "git_http_url"],
  ["repository", "git_ssh_url"],
  ["project", "git_http_url"],
  ["project", "git_ssh_url"],
  ["project", "web_url"],
  ["repository", "links", "html", "href"],
  ["repository", "links", "clone"],
];

/** The repositories that a payload names, in the one form that `repositoryId` gives. Nothing else of it is believed. */
export function repositoriesIn(payload: Json): ReadonlySet<string> {
  const texts = PLACES.flatMap((place) => textsAt(payload, place));
  return new Set(texts.flatMap((text) => repositoryId(text) ?? []));
}

/** `host/path` of an address, however it is written: over HTTPS or SSH, with or without `.git`. */
export function repositoryId(address: string): string | undefined {
  const [, host, path] = /^(?:[\w.-]+@)?([\w.-]+):(?!\/\/)(.+)$/u.exec(address) ?? [];
  if (host !== undefined && path !== undefined) return normal(host, path);
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  return url.hostname === "" ? undefined : normal(url.hostname, url.pathname);
}

/** Ports are left out: the same repository has another one for SSH than for HTTPS. */
function normal(host: string, path: string): string {
  const name = path
    .replace(/^\/+/u, "")
    .replace(/\/+$/u, "")
    .replace(/\.git$/u, "");
  return `${host}/${name}`.toLowerCase();
}

function textsAt(value: Json, [name, ...rest]: readonly string[]): readonly string[] {
  if (name === undefined) return textsOf(value);
  if (!isObject(value) || !Object.hasOwn(value, name)) return [];
  return textsAt(value[name] ?? null, rest);
}

/** A text, or the `href` of each item of a list (Bitbucket's clone links). */
function textsOf(value: Json): readonly string[] {
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? value.flatMap((item: Json) => textsAt(item, ["href"])) : [];
}
