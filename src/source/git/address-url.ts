import { SyncError } from "../../model/errors.ts";

/** The address of a repository on this disk. Throws SyncError, as everything here does. */
export function fileUrl(place: string): string {
  if (!place.startsWith("/")) {
    throw wrong("has no absolute path", "Write file:///srv/repo//folder, with three slashes.");
  }
  requirePlainPath(place);
  return `file://${withoutTrailingSlash(place)}`;
}

const AUTHORITY =
  /^(?:(?<user>[^@/]*)@)?(?<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)(?::(?<port>\d{1,5}))?(?<path>\/.*)$/u;

/** The address of a repository elsewhere: `user@host:port/path`, of which only ssh has a user. */
export function remoteUrl(scheme: "https" | "http" | "ssh", place: string): string {
  const parts = AUTHORITY.exec(place)?.groups ?? {};
  const user = checkedUser(scheme, /^([^/]*)@/u.exec(place)?.[1]);
  const { host = "", port, path = "" } = parts;
  if (host === "" || withoutTrailingSlash(path) === "") {
    throw wrong("does not name a host and a repository", "Write it as https://HOST/ORG/REPO.git//FOLDER?ref=BRANCH.");
  }
  requirePlainPath(path);
  return `${scheme}://${user}${host.toLowerCase()}${checkedPort(port)}${withoutTrailingSlash(path)}`;
}

function checkedUser(scheme: string, user: string | undefined): string {
  if (user === undefined) return "";
  if (scheme !== "ssh") {
    throw wrong(
      "has a user or password in it",
      "Leave it out: the token is LLMSTACK_GIT_TOKEN or in --git-token-file.",
    );
  }
  if (user.includes(":")) throw wrong("has a password in it", "Leave it out: ssh takes a key, --git-ssh-key FILE.");
  if (/^\w[\w.-]*$/u.test(user)) return `${user}@`;
  throw wrong("has a user name that no host has", "Usual is git@.");
}

function checkedPort(port: string | undefined): string {
  if (port === undefined) return "";
  if (Number(port) >= 1 && Number(port) <= 65_535) return `:${port}`;
  throw wrong("has a port that does not exist", "Ports go from 1 to 65535.");
}

function requirePlainPath(path: string): void {
  if (path.includes("\\") || path.split("/").includes("..") || /\/-/u.test(path)) {
    throw wrong("has '..', a backslash or a leading dash in its path", "Write the repository's path out in full.");
  }
}

function withoutTrailingSlash(path: string): string {
  return path.replace(/\/+$/u, "");
}

/** What percent signs stand for. */
export function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    throw wrong("has a % that stands for nothing", "Write a literal % as %25.", cause);
  }
}

/** What is wrong with an address, as the end of a sentence about it. */
export function wrong(what: string, remedy: string, cause?: unknown): SyncError {
  return new SyncError("usage", what, { remedy, ...(cause !== undefined && { cause }) });
}
