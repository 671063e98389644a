import type { CiEvent, EventKind } from "./event.ts";

/** What a run is for. Each has a file in `duties/`. */
export type DutyName =
  "review" | "validate" | "supersede" | "rehearse" | "deliver" | "watch-drift" | "nothing" | "refuse";

/** Everything that decides which duty an event means. */
export interface Situation {
  readonly event: CiEvent;
  /** Whether this run was given a token for the LLMStack server. */
  readonly hasServer: boolean;
  /** The branch whose pushes are applied. */
  readonly branch: string | undefined;
  /** What a person asked for who started the run by hand. */
  readonly mode: "plan" | "apply";
}

interface Row {
  readonly event: EventKind;
  readonly when?: (situation: Situation) => boolean;
  readonly duty: DutyName;
  /** One sentence for the log: why this and not something else. */
  readonly why: string;
}

/** The first row that fits counts; every kind of event has one without a condition. */
export const EVENT_TABLE: readonly Row[] = [
  {
    event: "pull-request",
    when: ({ event }) => "pull" in event && event.pull.isFork,
    duty: "validate",
    why: "It comes from a fork, which gets no secrets: everything that needs no server is checked.",
  },
  {
    event: "pull-request",
    when: ({ hasServer }) => !hasServer,
    duty: "validate",
    why: "This run has no token for the server: everything that needs none is checked.",
  },
  { event: "pull-request", duty: "review", why: "The merge result is planned against the live server." },
  { event: "pull-request-closed", duty: "supersede", why: "It was closed unmerged: nothing of it is applied." },
  {
    event: "merge-group",
    duty: "rehearse",
    why: "The commit that would become the branch is compared with what was reviewed.",
  },
  {
    event: "push",
    when: ({ event, branch }) => "branch" in event && event.branch === branch,
    duty: "deliver",
    why: "What was reviewed is applied.",
  },
  { event: "push", duty: "validate", why: "Only pushes to the configured branch are applied." },
  { event: "tag", duty: "validate", why: "Tags are not applied." },
  { event: "schedule", duty: "watch-drift", why: "The live server is compared with the revision applied last." },
  { event: "manual", when: ({ mode }) => mode === "apply", duty: "deliver", why: "Somebody asked for it by hand." },
  { event: "manual", duty: "review", why: "Somebody asked for a plan by hand." },
  { event: "nothing", duty: "nothing", why: "It does not concern the manifests." },
  { event: "refused", duty: "refuse", why: "Runs of this kind are not safe, or not known." },
];

/** The duty of an event. Pure: all that a run does follows from this. */
export function dutyOf(situation: Situation): Pick<Row, "duty" | "why"> {
  const row = EVENT_TABLE.find(
    ({ event, when }) => event === situation.event.kind && (when === undefined || when(situation)),
  );
  const { duty, why } = row ?? { duty: "refuse", why: "Nobody knows this event." };
  return { duty, why };
}
