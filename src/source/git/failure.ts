import { type FailureClass, SyncError } from "../../model/errors.ts";
import type { GitAnswer } from "./git.ts";
import { type Hint, HINTS } from "../../model/hints.ts";

interface Known extends Hint {
  readonly says: RegExp;
  readonly class: FailureClass;
  readonly isRetryable?: true;
}

const UNSOUND =
  /bad object|fsck|invalid object|did not send all necessary|corrupt|cannot lock ref|shallow|packfile|pack /iu;

/** What git's complaints mean, first match first. Its language is fixed by the environment. */
const KNOWN: readonly Known[] = [
  {
    says: /Host key verification failed|No \S+ host key is known/iu,
    class: "auth",
    ...HINTS.gitHost,
  },
  {
    says: /Permission denied \(|Authentication failed|could not read (?:Username|Password)|returned error: 40[13]|terminal prompts disabled/iu,
    class: "auth",
    ...HINTS.gitCredentials,
  },
  {
    says: /hung up unexpectedly|unexpected disconnect|early EOF|RPC failed|curl \d+|timed out|Could not resolve|Failed to connect|Connection (?:refused|reset|closed)/iu,
    class: "unreachable",
    ...HINTS.gitNetwork,
    isRetryable: true,
  },
  {
    says: /returned error: 404|not found|does not (?:exist|appear to be a git repository)|Could not read from remote repository/iu,
    class: "auth",
    remedy: "Check the address. Forges say the same of a repository that the credentials may not read.",
  },
  { says: /transport '.*' not allowed/iu, class: "refused", remedy: "Only the address's own protocol is spoken." },
  {
    says: /SSL|certificate|TLS/u,
    class: "unreachable",
    ...HINTS.gitAuthority,
  },
  { says: UNSOUND, class: "refused", remedy: "What the remote sent is no sound repository: run git fsck there." },
];

const UNKNOWN = { class: "unreachable", remedy: "Check address and network.", isRetryable: true } as const;

/** What is in the store, or what came into it, is no sound repository. A fresh store may cure it. */
export class UnsoundStore extends SyncError {}

/** A git command that failed, as what it means for the run. */
export function gitFailure(tried: string, { code, complaint }: Pick<GitAnswer, "code" | "complaint">): SyncError {
  const words = complaint
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("hint:"));
  const said = words.length === 0 ? `exit code ${code}` : words.slice(0, 6).join("; ").slice(0, 800);
  const known: Omit<Known, "says"> & { readonly says?: RegExp } =
    KNOWN.find(({ says }) => says.test(complaint)) ?? UNKNOWN;
  const { remedy, inCluster = remedy, isRetryable = false } = known;
  const options = { remedy, inCluster, isRetryable };
  const Failure = known.says === UNSOUND ? UnsoundStore : SyncError;
  return new Failure(known.class, `${tried}: git said: ${said}`, options);
}

/** A command on the store itself that failed. */
export function storeFailure(tried: string, answer: Pick<GitAnswer, "code" | "complaint">): SyncError {
  const { message } = gitFailure(tried, answer);
  return new UnsoundStore("incomplete_read", message, HINTS.gitStore);
}
