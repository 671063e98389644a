import { clearStores, listStores } from "../../source/git/store-upkeep.ts";
import type { Invocation } from "../command-row.ts";
import { gitCacheOf } from "../git-setup.ts";
import { clearGitCache } from "../options/git.ts";
import type { Settings } from "../settings.ts";
import { type Check, ok } from "./check.ts";

/** What is kept of repositories in Git, after it was cleared where that was asked for. */
export async function gitStoreCheck(
  settings: Settings,
  { flags, io }: Pick<Invocation, "flags" | "io">,
): Promise<Check> {
  const directory = gitCacheOf(settings, io);
  if (directory === "off") return ok(NAME, "off: nothing is kept between runs");
  if (flags.isOn(clearGitCache)) return cleared(directory);
  const stores = await listStores(directory);
  const bytes = stores.reduce((sum, store) => sum + store.bytes, 0);
  const size = `${(bytes / 2 ** 20).toFixed(1)} MiB`;
  return ok(NAME, `${stores.length} ${stores.length === 1 ? "repository" : "repositories"}, ${size}, in ${directory}`);
}

async function cleared(directory: string): Promise<Check> {
  const { removed, inUse } = await clearStores(directory);
  return ok(NAME, `cleared ${directory}: ${removed} removed${inUse === 0 ? "" : `, ${inUse} in use and kept`}`);
}

const NAME = "git cache";
