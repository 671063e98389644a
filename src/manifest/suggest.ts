import { closestMatch } from "leven";

/** The candidate that was probably meant, if one is near enough. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const same = candidates.find((candidate) => candidate.toLowerCase() === word.toLowerCase());
  const maxDistance = Math.min(4, Math.max(1, Math.ceil(word.length / 3)));
  return same ?? closestMatch(word, [...candidates], { maxDistance });
}

/** ` (did you mean X?)`, or nothing. */
export function didYouMean(candidate: string | undefined): string {
  return candidate === undefined ? "" : `; did you mean ${candidate}?`;
}
