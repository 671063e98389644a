import { describe, expect, it } from "vitest";
import { readSignature } from "../../../src/source/git/read-signature.ts";

const FPR = "A".repeat(40);
const OTHER = "B".repeat(40);
const keys = { gpg: new Set([FPR]), ssh: new Set(["SHA256:mine"]) };
const good = `[GNUPG:] GOODSIG 1234 Alice <a@example.com>\n[GNUPG:] VALIDSIG ${OTHER} 2026-01-01 0 0 4 0 22 8 00 ${FPR}\n[GNUPG:] TRUST_UNDEFINED`;

describe("readSignature", () => {
  it("takes a good signature of undefined trust by a subkey, told by the primary fingerprint", () => {
    expect(readSignature({ code: 0, text: good }, keys)).toEqual({
      kind: "gpg",
      name: "Alice <a@example.com>",
      fingerprint: FPR,
    });
  });

  it.each([
    { says: "a good one by somebody else's key, with exit code 0", code: 0, text: good.replaceAll(FPR, OTHER) },
    { says: "a good one that git does not accept", code: 1, text: good },
    { says: "two of them", code: 0, text: `${good}\n${good}` },
    { says: "a good one beside a spoiled one", code: 0, text: `${good}\n[GNUPG:] ERRSIG 99 22 8 00 0 9 ${OTHER}` },
    { says: "an expired key", code: 0, text: good.replace("GOODSIG", "EXPKEYSIG") },
    { says: "an expired signature", code: 0, text: good.replace("GOODSIG", "EXPSIG") },
    { says: "a revoked key, which is VALIDSIG too", code: 1, text: good.replace("GOODSIG", "REVKEYSIG") },
    { says: "a valid one without a good one", code: 0, text: good.split("\n")[1] ?? "" },
    { says: "nothing at all", code: 1, text: "" },
    { says: "nothing at all with exit code 0", code: 0, text: "" },
    {
      says: "an SSH key that no principal matches",
      code: 1,
      text: 'Good "git" signature with ED25519 key SHA256:mine\nNo principal matched.',
    },
    { says: "an SSH key of somebody else", code: 0, text: 'Good "git" signature for x with ED25519 key SHA256:other' },
    {
      says: "a good SSH one that git does not accept",
      code: 1,
      text: 'Good "git" signature for x with ED25519 key SHA256:mine',
    },
  ])("refuses $says", ({ code, text }) => {
    expect(readSignature({ code, text }, keys)).toHaveProperty("refused");
  });
});
