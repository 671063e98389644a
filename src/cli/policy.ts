import type { Policy } from "../model/plan.ts";
import type { FlagValues } from "./flag-values.ts";
import { given } from "./given.ts";
import * as options from "./options/changes.ts";
import { set } from "./options/server.ts";
import type { Settings } from "./settings.ts";

/** What the person who runs it allows. */
export function policyOf(settings: Settings, flags: FlagValues): Policy {
  const named = settings.get(set);
  const isOn = (flag: typeof options.prune): boolean => settings.get(flag) ?? false;
  return {
    set: named ?? "default",
    isSetImplicit: named === undefined,
    prune: isOn(options.prune),
    adopt: isOn(options.adopt),
    allowReplace: isOn(options.allowReplace),
    allowEmpty: flags.isOn(options.allowEmpty),
    discardDrafts: isOn(options.discardDrafts),
    only: flags.list(options.only),
    ...given("maxDeletes", settings.get(options.maxDeletes)),
    ...given("takeOver", flags.get(options.takeOver)),
  };
}
