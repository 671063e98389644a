import type { Position } from "../../follow/next-run.ts";
import type { Look } from "../../follow/pollers.ts";
import type { GitAddress } from "../../source/git/address.ts";
import { chooseRef, type RemoteRefs } from "../../source/git/remote-refs.ts";

/** Where a repository stands, or why that is not known. */
export type Tip = { readonly position: Position } | { readonly failure: unknown };

/** What an address stands for in what was seen last. Names are as people say them: `main`, not `refs/heads/main`. */
export function tipOf(address: GitAddress, look: Look<RemoteRefs>): Tip {
  if ("failure" in look) return look;
  try {
    const { name, commit } = chooseRef(address, look.found);
    return { position: { ref: name.replace(/^refs\/(?:heads|tags)\//u, ""), commit } };
  } catch (failure) {
    return { failure };
  }
}
