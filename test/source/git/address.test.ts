import { isDeepStrictEqual } from "node:util";
import { assert, constantFrom, oneof, property, string, tuple } from "fast-check";
import { describe, expect, it } from "vitest";
import { SyncError } from "../../../src/model/errors.ts";
import { formatGitAddress, parseGitAddress } from "../../../src/source/git/address.ts";

const COMMIT = "0123456789abcdef0123456789abcdef01234567";

describe("parseGitAddress", () => {
  it.each([
    ["https://github.com/acme/apps.git", { url: "https://github.com/acme/apps.git", path: "" }],
    [
      "https://git.example.com:8443/acme/apps.git//envs/prod?ref=main",
      { url: "https://git.example.com:8443/acme/apps.git", path: "envs/prod", ref: "main" },
    ],
    ["https://GitHub.com/Acme/Apps//a/", { url: "https://github.com/Acme/Apps", path: "a" }],
    [
      "ssh://git@host:2222/acme/apps.git//x?semver=1.x",
      { url: "ssh://git@host:2222/acme/apps.git", path: "x", semver: "1.x" },
    ],
    [
      "git@github.com:acme/apps.git//x?ref=v1.2.0",
      { url: "ssh://git@github.com/acme/apps.git", path: "x", ref: "v1.2.0" },
    ],
    ["file:///srv/repo//envs/prod?ref=v1", { url: "file:///srv/repo", path: "envs/prod", ref: "v1" }],
    ["git+file:///srv/repo", { url: "file:///srv/repo", path: "" }],
    [`https://h/r.git?ref=${COMMIT.toUpperCase()}`, { url: "https://h/r.git", path: "", commit: COMMIT }],
    [`https://h/r.git?ref=main&commit=${COMMIT}`, { url: "https://h/r.git", path: "", ref: "main", commit: COMMIT }],
    ["https://h/r.git//a%20b?ref=refs/pull/7/head", { url: "https://h/r.git", path: "a b", ref: "refs/pull/7/head" }],
    ["https://[::1]:8443/r.git", { url: "https://[::1]:8443/r.git", path: "" }],
  ])("%s", (text, address) => {
    expect(parseGitAddress(text)).toEqual(address);
    expect(parseGitAddress(formatGitAddress(address))).toEqual(address);
  });

  it.each(["manifests", "./a//b", "-", "/srv/apps", "C:\\apps", "apps/*.yaml", "a:b.yaml", "a@b.yaml", ""])(
    "%j is a path",
    (text) => {
      expect(parseGitAddress(text)).toBeUndefined();
    },
  );

  it.each([
    ["https://user:secret@host/r.git", /user or password/u],
    ["https://ghp_secret@host/r.git", /user or password/u],
    ["ssh://git:secret@host/r.git", /password/u],
    ["https://host/r.git#main", /#/u],
    ["https://host/r.git//a/../b", /folder/u],
    ["https://host/r.git//a/%2e%2e/b", /folder/u],
    ["https://host/r.git//a%2Fb", /slash/u],
    ["https://host/../r.git", /'\.\.'/u],
    ["https://host/r.git//a\nb", /control/u],
    ["https://host/r.git//a%0Ab", /folder/u],
    ["https://host/r.git//a%", /%/u],
    ["https://host", /host and a repository/u],
    ["https:///r.git", /host and a repository/u],
    ["https://-oProxyCommand=x/r.git", /host and a repository/u],
    ["ssh://-oProxyCommand=x/r.git", /host and a repository/u],
    ["ssh://git@-oProxyCommand=x/r.git", /host and a repository/u],
    ["ssh://-oX@host/r.git", /user name/u],
    ["ssh://git@host/-r.git", /dash/u],
    ["git@-oProxyCommand=x:r.git", /host and a repository/u],
    ["git://host/r.git", /scheme git/u],
    ["ext::sh -c touch% /tmp/x", /transport helper/u],
    ["fd::17", /transport helper/u],
    ["ftp://host/r.git", /scheme ftp/u],
    ["git::https://host/r.git", /scheme|transport/u],
    ["file://repo//x", /absolute/u],
    ["https://host/r.git?branch=main", /query/u],
    ["https://host/r.git?ref=", /query/u],
    ["https://host/r.git?ref=a&ref=b", /query/u],
    ["https://host/r.git?ref=main&semver=1.x", /both/u],
    ["https://host/r.git?ref=+main", /ref/u],
    ["https://host/r.git?ref=--upload-pack=x", /ref/u],
    ["https://host/r.git?ref=a..b", /ref/u],
    ["https://host/r.git?ref=a.lock", /ref/u],
    ["https://host/r.git?ref=main:refs/heads/x", /ref/u],
    ["https://host/r.git?semver=newest", /semver/u],
    ["https://host/r.git?commit=abc1234", /40 digits|commit/u],
    ["https://host:99999/r.git", /port/u],
  ])("refuses %s as usage, and repeats no password", (text, says) => {
    expect(() => parseGitAddress(text)).toThrow(
      expect.objectContaining({ class: "usage", message: expect.stringMatching(says) as string }),
    );
    expect(() => parseGitAddress(text)).not.toThrow(/secret/u);
  });

  const anyText = oneof(
    string(),
    tuple(constantFrom("https://", "ssh://", "file:///", "git@"), string({ unit: "binary" })).map((parts) =>
      parts.join(""),
    ),
  );

  it("answers the same again for what it wrote, and says why else, without a control character", () => {
    // oxlint-disable-next-line no-control-regex -- They are what is looked for.
    const invisible = /[\u0000-\u0009\u000b-\u001f]/u;
    const readAgain = (text: string): unknown => {
      try {
        const address = parseGitAddress(text);
        const again = address === undefined ? undefined : parseGitAddress(formatGitAddress(address));
        return isDeepStrictEqual(again, address) ? "same" : address;
      } catch (error) {
        const isTold = error instanceof SyncError && error.class === "usage" && !invisible.test(error.message);
        return isTold ? "same" : error;
      }
    };
    assert(
      property(anyText, (text) => {
        expect(readAgain(text)).toBe("same");
      }),
    );
  });
});
