import type { Payload } from "../events/payload.ts";
import type { MergedPull } from "./forge.ts";

/** What a merge is on the target branch; `sha` is the head, which a fast-forward makes the branch. */
const COMMITS = ["merge_commit_sha", "squash_commit_sha", "sha"] as const;

/** Those of a list of pull requests that were merged, the one merged last first. */
export function mergedIn(pulls: readonly Payload[]): readonly MergedPull[] {
  return pulls
    .flatMap((pull) => {
      const number = pull.at("number").number() ?? pull.at("iid").number();
      const commit = COMMITS.map((name) => pull.at(name).commitOrNone()).find((id) => id !== undefined);
      const date = pull.at("merged_at").text();
      return number === undefined || commit === undefined || date === undefined ? [] : [{ number, commit, date }];
    })
    .toSorted((a, b) => Date.parse(b.date) - Date.parse(a.date) || b.number - a.number)
    .map(({ number, commit }) => ({ number, commit }));
}
