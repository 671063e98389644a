import type { Restricted } from "../../plan/restrict.ts";
import type { CiRun } from "../ci-run.ts";
import type { CiSession } from "../plan-revision.ts";
import type { Unapplied } from "./records.ts";

/** What is to be applied, decided and not yet carried out. */
export interface Delivery {
  readonly run: CiRun;
  readonly session: CiSession;
  readonly unapplied: Unapplied;
  readonly restricted: Restricted;
  readonly commit: string;
}
