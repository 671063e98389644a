import type { Client, FoundDraft } from "../../client/client.ts";
import type { LiveResource } from "../../model/live.ts";
import { type Check, ok, problem, warning } from "./check.ts";

/** Drafts that somebody left in the editor: those of apps that we manage stand in a run's way. */
export async function draftChecks(
  client: Client,
  apps: readonly LiveResource[],
  signal: AbortSignal,
): Promise<readonly Check[]> {
  try {
    const { waiting, alone, unasked } = await client.findDrafts(apps, signal);
    const unmanaged = [...waiting, ...alone].filter((found) => !isManaged(found)).length;
    const managed = [
      ...waiting.filter(isManaged).map((app) => draft(app, "a draft waits beside the version that runs")),
      ...alone.filter(isManaged).map((app) => draft(app, "nothing of it runs: there is a draft and no live version")),
    ];
    const parts = [
      managed.length === 0 ? "none waits in the apps that we manage" : `${managed.length} in the apps that we manage`,
      ...(unmanaged > 0 ? [`${unmanaged} in others`] : []),
      ...(unasked > 0 ? [`${unasked} apps, those changed longest ago, were not asked about`] : []),
    ];
    return [ok("drafts", parts.join(", ")), ...managed];
  } catch (error) {
    return [problem("drafts", error)];
  }
}

function isManaged({ set }: FoundDraft): boolean {
  return set !== undefined;
}

function draft({ name, uuid, set = "" }: FoundDraft, says: string): Check {
  return warning(
    "draft",
    `app ${JSON.stringify(name)} (${uuid}, set ${set}): ${says}`,
    "A change of this app is held until the draft is published in LLMStack, or overwritten with apply --discard-drafts.",
    [uuid],
  );
}
