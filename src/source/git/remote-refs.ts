import semver from "semver";
import { SyncError } from "../../model/errors.ts";
import { formatGitAddress, type GitAddress } from "./address.ts";
import { badRefName, shortName } from "./ref-name.ts";

/** What a remote says it has. */
export interface RemoteRefs {
  /** The full name of the branch that HEAD stands for, where the remote tells. */
  readonly head?: string;
  /** Object ids by full name; of an annotated tag the tag's own. */
  readonly ids: ReadonlyMap<string, string>;
  /** Commit ids of annotated tags, by the tag's full name. */
  readonly peeled: ReadonlyMap<string, string>;
}

/** One ref that an address stands for. */
export interface RemoteRef {
  readonly name: string;
  /** What it points at itself: of an annotated tag the tag. */
  readonly id: string;
  /** Where it points to after tags are followed. */
  readonly commit: string;
}

/** The output of `git ls-remote --symref`; names that no ref may have are left out. */
export function parseRemoteRefs(text: string): RemoteRefs {
  const ids = new Map<string, string>();
  const peeled = new Map<string, string>();
  const [, head = ""] = /^ref: (\S+)\tHEAD$/mu.exec(text) ?? [];
  for (const line of text.split("\n")) {
    const [, id, name] = /^([0-9a-f]{40}|[0-9a-f]{64})\t(.+)$/u.exec(line) ?? [];
    if (id === undefined || name === undefined) continue;
    const plain = name.endsWith("^{}") ? name.slice(0, -3) : name;
    if (plain !== "HEAD" && badRefName(plain) !== undefined) continue;
    (name === plain ? ids : peeled).set(plain, id);
  }
  return { ids, peeled, ...(badRefName(head) === undefined && { head }) };
}

/** The names to ask the remote for, so that it need not list everything. */
export function refPatterns({ ref, semver: range, commit }: GitAddress): readonly string[] {
  if (range !== undefined) return ["refs/tags/*"];
  if (ref === undefined) return commit === undefined ? ["HEAD"] : [];
  if (ref.startsWith("refs/")) return [ref, `${ref}^{}`];
  return [`refs/heads/${ref}`, `refs/tags/${ref}`, `refs/tags/${ref}^{}`];
}

/** The ref that an address stands for. Throws SyncError where it stands for none, or for two. */
export function chooseRef(address: GitAddress, refs: RemoteRefs): RemoteRef {
  const { ref, semver: range, commit } = address;
  if (ref === undefined && range === undefined && commit !== undefined) return { name: commit, id: commit, commit };
  if (range !== undefined) return newestTag(address, range, refs);
  if (ref === undefined) return headOf(address, refs);
  const names = ref.startsWith("refs/") ? [ref] : [`refs/heads/${ref}`, `refs/tags/${ref}`];
  const [first, second] = names.filter((name) => refs.ids.has(name));
  if (first === undefined)
    throw missing(
      address,
      `has no branch or tag named ${shortName(ref)}`,
      /^[0-9a-f]{7,39}$/u.test(ref)
        ? "If it is a commit, write all 40 digits of its id: a short one may come to mean another commit."
        : "Check ?ref=, or push it first.",
    );
  if (second !== undefined) {
    throw missing(address, `has a branch and a tag named ${ref}`, `Write ?ref=${first} or ?ref=${second}.`);
  }
  return refNamed(first, refs);
}

function headOf(address: GitAddress, refs: RemoteRefs): RemoteRef {
  const commit = refs.ids.get("HEAD");
  if (commit === undefined) {
    throw missing(
      address,
      "has no HEAD: it is empty, or its default branch does not exist",
      "Name one with ?ref=BRANCH.",
    );
  }
  return { name: refs.head ?? "HEAD", id: commit, commit };
}

function newestTag(address: GitAddress, range: string, refs: RemoteRefs): RemoteRef {
  const versions = new Map<string, string>();
  for (const name of refs.ids.keys()) {
    const version = name.startsWith("refs/tags/") ? semver.valid(shortName(name)) : null;
    if (version !== null && !versions.has(version)) versions.set(version, name);
  }
  const best = semver.maxSatisfying([...versions.keys()], range);
  const name = best === null ? undefined : versions.get(best);
  if (name === undefined) {
    throw missing(
      address,
      `has no tag in the range ${range} (${versions.size} of its tags are versions)`,
      "Tag a release, or widen ?semver=.",
    );
  }
  return refNamed(name, refs);
}

function refNamed(name: string, { ids, peeled }: RemoteRefs): RemoteRef {
  const id = ids.get(name) ?? "";
  return { name, id, commit: peeled.get(name) ?? id };
}

function missing(address: GitAddress, what: string, remedy: string): SyncError {
  return new SyncError("refused", `${formatGitAddress(address)}: the repository ${what}`, { remedy });
}
