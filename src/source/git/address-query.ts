import semver from "semver";
import { decode, wrong } from "./address-url.ts";
import { badRefName } from "./ref-name.ts";

/** Which revision an address names; nothing at all where it names none. */
export interface AddressQuery {
  readonly ref?: string;
  readonly semver?: string;
  readonly commit?: string;
}

const KEYS = ["ref", "semver", "commit"] as const;
const COMMIT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/u;

/** What stands behind the `?` of an address. Throws SyncError. */
export function parseQuery(query: string): AddressQuery {
  const values = new Map<string, string>();
  for (const pair of query === "" ? [] : query.split("&")) {
    const at = pair.indexOf("=");
    const key = KEYS.find((name) => name === (at === -1 ? pair : pair.slice(0, at)));
    const value = at === -1 ? "" : decode(pair.slice(at + 1));
    if (key === undefined || value === "" || values.has(key)) {
      throw wrong(
        "has a query that is not understood",
        `After the ? stand ${KEYS.join(", ")}, each once, as in ?ref=main.`,
      );
    }
    values.set(key, value);
  }
  if (values.has("ref") && values.has("semver")) throw wrong("has both ref and semver", "Keep one of them.");
  const range = values.get("semver");
  return {
    ...refOrCommit(values.get("ref"), values.get("commit")?.toLowerCase()),
    ...(range !== undefined && { semver: checkedRange(range) }),
  };
}

function refOrCommit(ref: string | undefined, commit: string | undefined): AddressQuery {
  if (commit !== undefined && !COMMIT.test(commit)) {
    throw wrong(
      `has a commit that is none: ${JSON.stringify(commit)}`,
      "Write all 40 digits: a short id may come to mean another commit.",
    );
  }
  const pin = commit === undefined ? {} : { commit };
  if (ref === undefined) return pin;
  if (!COMMIT.test(ref.toLowerCase())) return { ref: checkedRef(ref), ...pin };
  if (commit !== undefined && commit !== ref.toLowerCase()) throw wrong("names two commits", "Keep one of them.");
  return { commit: ref.toLowerCase() };
}

function checkedRef(ref: string): string {
  const bad = badRefName(ref.startsWith("refs/") ? ref : `refs/heads/${ref}`);
  if (bad === undefined && !/^[+-]/u.test(ref)) return ref;
  throw wrong(
    `has a ref that cannot be: ${JSON.stringify(ref)} ${bad ?? "starts with a sign"}`,
    "Name a branch, a tag, or a full refs/... name.",
  );
}

function checkedRange(range: string): string {
  if (semver.validRange(range) !== null) return range;
  throw wrong(`has a semver range that is none: ${JSON.stringify(range)}`, "Write ?semver=1.x or ?semver=^1.2.0.");
}
