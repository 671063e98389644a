import { SyncError } from "../../model/errors.ts";
import type { Git } from "./git.ts";
import type { GitSetup } from "./setup.ts";

/** Older ones follow what was found since to be attacks. */
const OLDEST = { major: 2, minor: 39 };

let checked: Promise<void> | undefined;

/** Throws SyncError of class usage where git is missing or too old. Asked once a process. */
export async function requireGit(run: Git["run"]): Promise<void> {
  checked ??= check(run);
  await checked.catch((error: unknown) => {
    checked = undefined;
    throw error;
  });
}

async function check(run: Git["run"]): Promise<void> {
  const { stdout } = await run(["--version"]);
  const [, version = "", major = "0", minor = "0"] = /git version ((\d+)\.(\d+)\S*)/u.exec(stdout.toString()) ?? [];
  const isEnough = Number(major) > OLDEST.major || (Number(major) === OLDEST.major && Number(minor) >= OLDEST.minor);
  if (isEnough) return;
  throw new SyncError("usage", `git ${version} is too old to read untrusted repositories with`, {
    remedy: `Install git ${OLDEST.major}.${OLDEST.minor} or newer.`,
  });
}

/** Throws SyncError where this address may not be read with this setup. */
export function requireSoundSetup(url: string, { credentials, http, user }: GitSetup): void {
  if (url.startsWith("file:") && user === "daemon") {
    throw new SyncError("refused", `${url} is on this machine's own disk, which only a person may name`, {
      remedy: "Use https:// or ssh://.",
    });
  }
  if (url.startsWith("http:") && http === "refused") {
    throw new SyncError("refused", `${url} is not encrypted: anybody on the way could change what is applied`, {
      remedy: "Use https://, or pass --git-insecure-http if the network is yours alone.",
    });
  }
  for (const value of [credentials.token, credentials.username]) {
    if (value === undefined || /^[\x21-\x7e]+$/u.test(value)) continue;
    throw new SyncError("auth", "The credentials for git are not one word of visible characters each", {
      remedy: "Check that the file holds one token in one line.",
    });
  }
}
