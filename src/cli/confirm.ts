import { SyncError } from "../model/errors.ts";
import type { Change, Plan } from "../model/plan.ts";
import type { Invocation } from "./command-row.ts";
import { yes } from "./options/changes.ts";

/** What a person is asked about before it happens: nothing of it comes back. */
function losses({ changes }: Plan): readonly Change[] {
  return changes.filter(({ op }) => op === "prune" || op === "replace");
}

interface Consent {
  /** `asked`: without a terminal the flags decide. `required`: without a terminal it takes --yes. */
  readonly withoutTerminal: "given" | "refused";
  /** Shows the plan; called only before a question. */
  readonly show: () => void;
}

/** Asks before deleting and replacing. Throws SyncError `refused` where the answer is not yes. */
export async function requireConsent(
  plan: Plan,
  { flags, io, progress }: Pick<Invocation, "flags" | "io" | "progress">,
  { withoutTerminal, show }: Consent,
): Promise<void> {
  const lost = losses(plan);
  if (lost.length === 0 || flags.isOn(yes)) return;
  if (!io.isInteractive) {
    if (withoutTerminal === "given") return;
    throw new SyncError("refused", `${countLosses(lost)} would be lost, and there is no terminal to ask on`, {
      remedy: "Look at the plan above, then pass --yes.",
    });
  }
  progress.clear();
  show();
  const answer = (await io.ask(`\n${countLosses(lost)} on ${plan.target.server}. Go on? [y/N] `)).trim().toLowerCase();
  if (answer === "y" || answer === "yes") return;
  throw new SyncError("refused", "not confirmed; nothing was changed", { remedy: "Answer y, or pass --yes." });
}

function countLosses(lost: readonly Change[]): string {
  const deleted = lost.filter(({ op }) => op === "prune").length;
  const replaced = lost.length - deleted;
  const parts = [
    ...(deleted > 0 ? [`${deleted} to delete`] : []),
    ...(replaced > 0 ? [`${replaced} to replace (new uuid)`] : []),
  ];
  return parts.join(", ");
}
