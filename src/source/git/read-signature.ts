import type { GitSigner } from "../../model/git-revision.ts";
import type { Keyring } from "./keyring.ts";

/** What a signature comes to: who made it, or why it does not count. */
export type Signature = Pick<GitSigner, "kind" | "name" | "fingerprint"> | { readonly refused: string };

type Keys = Pick<Keyring, "gpg" | "ssh">;

const SPOILED: Readonly<Record<string, string>> = {
  BADSIG: "has a signature that does not fit what it signs",
  ERRSIG: "is signed with a key that is not among the keys that were given",
  REVKEYSIG: "is signed with a key that was revoked",
  EXPKEYSIG: "is signed with a key that has expired",
  EXPSIG: "has a signature that has expired",
};

/**
 * What `git verify-commit --raw` and `verify-tag --raw` say, read so that only a good signature with one of the keys
 * counts. The exit code alone is no policy: it is 0 for keys nobody trusts, and 1 for what git calls a good signature.
 */
export function readSignature({ code, text }: { readonly code: number; readonly text: string }, keys: Keys): Signature {
  const status = text.split("\n").flatMap((line) => /^\[GNUPG:\] (\w+) ?(.*)$/u.exec(line)?.slice(1, 3) ?? []);
  if (status.length > 0) return readGpg(code, pairs(status), keys);
  return readSsh(code, text, keys);
}

type Line = readonly [keyword: string, rest: string];

function readGpg(code: number, lines: readonly Line[], keys: Keys): Signature {
  const all = (keyword: string): readonly string[] =>
    lines.filter(([name]) => name === keyword).map(([, rest]) => rest);
  const spoiled = lines.find(([name]) => SPOILED[name] !== undefined);
  if (spoiled !== undefined) return { refused: `${SPOILED[spoiled[0]]}: ${describe(spoiled, all("VALIDSIG"))}` };
  const [good, ...moreGood] = all("GOODSIG");
  const [valid, ...moreValid] = all("VALIDSIG");
  if (good === undefined || valid === undefined) return { refused: "has no signature that could be checked" };
  if (moreGood.length + moreValid.length > 0) return { refused: "has more than one signature" };
  const fingerprint = valid.split(" ").at(-1) ?? "";
  const name = good.split(" ").slice(1).join(" ");
  if (!keys.gpg.has(fingerprint))
    return { refused: `is signed by ${name} ${fingerprint}, who is not among the keys that were given` };
  if (code !== 0) return { refused: `is signed by ${name} ${fingerprint}, and git does not accept it` };
  return { kind: "gpg", name, fingerprint };
}

/** Who it would be: the name where the key is known, and as much of the fingerprint as there is. */
function describe([keyword, rest]: Line, valid: readonly string[]): string {
  const words = rest.split(" ");
  if (keyword === "ERRSIG") return words.at(-1)?.length === 40 ? (words.at(-1) ?? "") : `key ${words[0] ?? ""}`;
  const fingerprint = valid[0]?.split(" ").at(-1) ?? `key ${words[0] ?? ""}`;
  return `${words.slice(1).join(" ")} ${fingerprint}`;
}

function readSsh(code: number, text: string, keys: Keys): Signature {
  const [, , name, fingerprint] = /^Good "git" signature( for (\S+))? with \S+ key (SHA256:\S+)$/mu.exec(text) ?? [];
  if (fingerprint === undefined) {
    const isSigned = /signature|verif/iu.test(text) && !/no signature found/iu.test(text);
    return { refused: isSigned ? "has a signature that does not fit what it signs" : "is not signed" };
  }
  if (code !== 0 || name === undefined || !keys.ssh.has(fingerprint)) {
    return {
      refused: `is signed with a key that is not among the keys that were given: ${name ?? "an unknown signer"} ${fingerprint}`,
    };
  }
  return { kind: "ssh", name, fingerprint };
}

function pairs(words: readonly string[]): readonly Line[] {
  return words.flatMap((word, index) => (index % 2 === 0 ? [[word, words[index + 1] ?? ""] as const] : []));
}
