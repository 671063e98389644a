import { SyncError } from "../../model/errors.ts";
import { parseQuery } from "./address-query.ts";
import { decode, fileUrl, remoteUrl, wrong } from "./address-url.ts";

/** Where manifests are in Git. */
export interface GitAddress {
  /** The repository: no password, no query, no trailing slash. */
  readonly url: string;
  /** Folder or file in the repository, `/` between parts; "" is its top. */
  readonly path: string;
  /** A full `refs/...` name, or the name of a branch or tag. Absent with the others: the branch of the remote's HEAD. */
  readonly ref?: string;
  /** A range; the newest tag inside it counts. */
  readonly semver?: string;
  /** 40 or 64 hex digits: what it has to be, whatever else is said. */
  readonly commit?: string;
}

const SCHEMES = ["https", "http", "ssh", "file", "git+file"] as const;
// oxlint-disable-next-line no-control-regex -- Control characters are what is refused.
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/u;

/**
 * The address that a person wrote: `https://host/org/repo.git//folder?ref=main`, `ssh://git@host/org/repo.git`,
 * `git@host:org/repo.git`, `file:///srv/repo//folder`. Undefined for what is no Git address, and so a path. Throws
 * SyncError of class usage for one that is wrong; a password in it is not repeated.
 */
export function parseGitAddress(text: string): GitAddress | undefined {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof SyncError)) throw error;
    const shown = text.replaceAll(/\/\/[^/]*@/gu, "//…@").replaceAll(new RegExp(CONTROL, "gu"), "?");
    throw new SyncError("usage", `The Git address ${shown} ${error.message}.`, { cause: error, ...remedyOf(error) });
  }
}

function remedyOf({ remedy }: SyncError): { readonly remedy?: string } {
  return remedy === undefined ? {} : { remedy };
}

function parse(text: string): GitAddress | undefined {
  if (/^[A-Za-z][A-Za-z0-9+.-]*::/u.test(text))
    throw wrong("names a transport helper", "Write it as https:// or ssh://, with nothing in front.");
  const [, scheme, rest] = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/(.*)$/su.exec(text) ?? [];
  if (scheme !== undefined && rest !== undefined) return parseParts(scheme.toLowerCase(), rest);
  if (/^[A-Za-z][A-Za-z0-9+.-]*::/u.test(text))
    throw wrong("names a transport helper", "Write it as https:// or ssh://.");
  const [, user, host, path] = /^([^/\s:@]+)@([^/:@\s]+):(.+)$/su.exec(text) ?? [];
  if (user === undefined || host === undefined || path === undefined) return undefined;
  return parseParts("ssh", `${user}@${host}/${path.replace(/^\//u, "")}`);
}

/** The address as it was given, where a person could have typed it. Throws SyncError as `parseGitAddress` does. */
export function checkGitAddress<T extends Pick<GitAddress, "url"> & Partial<GitAddress>>(address: T): T {
  const text = formatGitAddress({ path: "", ...address });
  const again = parseGitAddress(text);
  if (again === undefined || formatGitAddress(again) !== text) {
    throw new SyncError("usage", `${JSON.stringify(text)} is no Git address`, {
      remedy: "Write it as https://HOST/ORG/REPO.git//FOLDER?ref=BRANCH.",
    });
  }
  return address;
}

/** The address as a person would type it; parsing it gives the same again. */
export function formatGitAddress({ url, path, ref, semver: range, commit }: GitAddress): string {
  const query = [["ref", ref] as const, ["semver", range] as const, ["commit", commit] as const]
    .filter(([, value]) => value !== undefined)
    .map(([key, value = ""]) => `${key}=${encodeURIComponent(value).replaceAll("%2F", "/")}`);
  const folder = path === "" ? "" : `//${path.split("/").map(encodeURIComponent).join("/")}`;
  return `${url}${folder}${query.length === 0 ? "" : `?${query.join("&")}`}`;
}

function parseParts(scheme: string, rest: string): GitAddress {
  const known = SCHEMES.find((name) => name === scheme);
  if (known === undefined) {
    throw wrong(`has the scheme ${scheme}, which is not read from`, "Use https://, ssh:// or git@host:org/repo.git.");
  }
  if (CONTROL.test(rest)) throw wrong("has a control character in it", "Type it again by hand.");
  if (rest.includes("#")) throw wrong("has a # in it", "Name branch or tag with ?ref=NAME.");
  const [place = "", ...queries] = rest.split("?");
  const isFile = known === "file" || known === "git+file";
  const start = isFile ? 1 : 0;
  const split = place.indexOf("//", start);
  const repository = split === -1 ? place : place.slice(0, split);
  return {
    url: isFile ? fileUrl(repository) : remoteUrl(known, repository),
    path: split === -1 ? "" : parseFolder(place.slice(split)),
    ...parseQuery(queries.join("?")),
  };
}

function parseFolder(text: string): string {
  if (/%(?:2f|5c|00)/iu.test(text)) throw wrong("hides a slash in its folder", "Write the / as it is.");
  const folder = decode(text).replaceAll(/^\/+|\/+$/gu, "");
  const parts = folder.split("/");
  if (
    CONTROL.test(folder) ||
    folder.includes("\\") ||
    parts.some((part) => part === ".." || part === "." || part === "")
  ) {
    if (folder !== "")
      throw wrong("has '.', '..' or an empty part in its folder", "Write the folder from the repository's top.");
  }
  return folder;
}
