import type { Invocation } from "../cli/command-row.ts";
import type { Settings } from "../cli/settings.ts";
import type { Policy } from "../model/plan.ts";
import type { Report } from "../model/outcome.ts";
import type { JsonObject } from "../model/json.ts";
import type { ProblemList } from "../report/problems/problem-list.ts";
import type { CommentKey } from "./comment/marker.ts";
import type { CiEvent } from "./events/event.ts";
import type { Forge, ForgeClient } from "./forges/forge.ts";
import type { CiOutputs } from "./runner/outputs.ts";
import type { Revisions } from "./revisions.ts";

/** Everything that a duty works with: what happened, whose policy counts, who is spoken to. */
export interface CiRun {
  /** Its output is guarded: nothing written there becomes a command. */
  readonly invocation: Invocation;
  readonly event: CiEvent;
  readonly forge: Forge;
  /** Undefined without a token, or where there is no forge. */
  readonly client: ForgeClient | undefined;
  readonly revisions: Revisions;
  /** Of the base revision, with this run's own flags and environment on top. */
  readonly settings: Settings;
  readonly policy: Policy;
  readonly key: CommentKey;
  /** The branch that is applied. */
  readonly branch: string;
  /** The folder of the manifests. */
  readonly folder: string;
  /** Where a person sees this run. */
  readonly link: string | undefined;
  /** Numbers of pull requests whose comment could not be written. */
  readonly failedComments: number[];
}

/** What a duty comes to; the rest of the run puts it into files, outputs and the page of the job. */
export interface DutyResult {
  readonly exitCode: number;
  readonly outputs: Partial<CiOutputs>;
  /** For the page of the run, as Markdown. */
  readonly summary?: string;
  readonly problems?: ProblemList;
  /** Paths that the pull request touches: their annotations come first. */
  readonly changed?: ReadonlySet<string>;
  /** As files for people and programs; made only where they are asked for. */
  readonly plan?: { readonly json: () => JsonObject; readonly html: () => string };
  readonly report?: Report;
}
