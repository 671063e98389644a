import { isEmptyPlan, type Note, type Op, type Plan, type Refusal, type Target } from "../model/plan.ts";
import { bodySize, type ChangeView, changeViews, rankOf, uploadedBody } from "./change-view.ts";
import { bytes, counted, grouped, printable } from "./printable.ts";

/** A plan as every format shows it: what to say and in which order is decided here, how it looks is not. */
export interface PlanView {
  readonly against: Against;
  readonly refusals: readonly Refusal[];
  /** Only those with something in them. */
  readonly sections: readonly Section[];
  readonly notes: readonly Note[];
  /** One sentence with all counts, or the one that says that there is nothing to do. Holds no foreign text. */
  readonly summary: string;
  /** What else a person should know before saying yes. Holds no foreign text. */
  readonly remarks: readonly string[];
  /** 64 hex digits; undefined for a plan that changes nothing. */
  readonly digest: string | undefined;
}

/** Where a plan, a report or a drift belongs. All texts are printable. */
export interface Against {
  readonly server: string;
  readonly dialect: string;
  readonly account: string | undefined;
  readonly set: string;
  readonly source: string;
  /** The manifests that stand for what is live; no server was asked then. */
  readonly base: string | undefined;
}

export interface Section {
  readonly title: string;
  /** 0 deletes and replaces, 1 updates, 2 creates, 3 held, 4 unchanged. */
  readonly rank: number;
  readonly changes: readonly ChangeView[];
}

const SECTIONS: readonly string[] = ["Deletes and replaces", "Updates", "Creates", "Held", "Unchanged"];

/** What stays as it is: left out, or listed at the end. */
export type Keeps = "hidden" | "shown";

/** The plan's view; deletes first. */
export function planView(plan: Plan, keeps: Keeps): PlanView {
  const views = changeViews(keeps === "shown" ? plan.changes : withoutKeeps(plan.changes));
  const against = againstOf(plan.target);
  const isEmpty = isEmptyPlan(plan);
  return {
    against,
    refusals: plan.refusals,
    sections: SECTIONS.map((title, rank) => ({
      title,
      rank,
      changes: views.filter((view) => rankOf(view) === rank),
    })).filter(({ changes }) => changes.length > 0),
    notes: plan.notes,
    summary: isEmpty ? nothingToDo(plan.counts.keep, against) : planSentence(plan.counts),
    remarks: uploadRemark(plan),
    digest: isEmpty ? undefined : plan.digest,
  };
}

export function againstOf({ server, dialect, account, set, source, base }: Target): Against {
  return {
    server: printable(server),
    dialect: printable(dialect),
    account: account === undefined ? undefined : printable(account),
    set: printable(set),
    source: printable(source),
    base: base === undefined ? undefined : printable(base),
  };
}

/** The sentence for a server that is as it should be. */
export function nothingToDo(unchanged: number, { base }: Pick<Against, "base">): string {
  const why = base === undefined ? "The server matches the manifests" : "Both sets of manifests ask for the same";
  return `No changes. ${why} (${grouped(unchanged)} unchanged).`;
}

/** `Plan: 3 to create, 1 to update, 0 to delete, 12 unchanged.`; rarer ops are named only where there are any. */
function planSentence(counts: Plan["counts"]): string {
  const parts = [
    `${grouped(counts.create)} to create`,
    `${grouped(counts.update)} to update`,
    ...some(counts, "replace", "to replace"),
    ...some(counts, "adopt", "to adopt"),
    `${grouped(counts.prune)} to delete`,
    ...some(counts, "hold", "held"),
    `${grouped(counts.keep)} unchanged`,
  ];
  return `Plan: ${parts.join(", ")}.`;
}

function some(counts: Plan["counts"], op: Op, words: string): readonly string[] {
  return counts[op] === 0 ? [] : [`${grouped(counts[op])} ${words}`];
}

/** Kept datasources stay where they are the heading of entries that change. */
function withoutKeeps(changes: Plan["changes"]): Plan["changes"] {
  const headings = new Set(
    changes.flatMap((change) => (change.subject === "entry" && change.op !== "keep" ? [change.datasource] : [])),
  );
  return changes.filter(
    (change) => change.op !== "keep" || (change.subject === "resource" && headings.has(change.key)),
  );
}

/** Uploads cost embeddings, so their number and size are said before anybody agrees. */
function uploadRemark({ changes }: Plan): readonly string[] {
  const uploads = changes.flatMap((change) => uploadedBody(change) ?? []);
  if (uploads.length === 0) return [];
  const size = uploads.reduce((sum, body) => sum + (bodySize(body) ?? 0), 0);
  const sizes = size === 0 ? "" : ` (${bytes(size)})`;
  return [`${counted(uploads.length, "entry is", "entries are")} uploaded and embedded${sizes}.`];
}
