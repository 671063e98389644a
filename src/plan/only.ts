import { posix } from "node:path";
import type { ResourceKey } from "../model/resource.ts";

/** True for a key that one of the `Kind/name` globs matches; without globs every key is selected. */
export function isSelected(only: readonly string[], key: ResourceKey): boolean {
  return only.length === 0 || only.some((glob) => glob === key || (hasWildcard(glob) && posix.matchesGlob(key, glob)));
}

/** Where hundreds of keys are named one by one, matching each as a glob is most of a plan's time. */
function hasWildcard(glob: string): boolean {
  return /[^\w./-]/u.test(glob);
}
