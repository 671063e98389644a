import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { SyncError } from "../../model/errors.ts";
import type { JsonObject } from "../../model/json.ts";
import { isEmptyPlan, type Plan } from "../../model/plan.ts";
import { explainPlan } from "../../plan/explain-plan.ts";
import { makePlan } from "../../plan/make-plan.ts";
import { jsonText } from "../../report/json.ts";
import { renderPlanHtml } from "../../report/html/plan-html.ts";
import { renderPlanMarkdown } from "../../report/plan-markdown.ts";
import { renderPlanNdjson } from "../../report/plan-ndjson.ts";
import { renderPlanText } from "../../report/plan-text.ts";
import type { Invocation } from "../command-row.ts";
import { type Session, withDecision } from "../decide.ts";
import { EXIT } from "../exit-codes.ts";
import { jsonDocument } from "../json-document.ts";
import { planDocument } from "../plan-file.ts";
import { detailedExitcode, explain, out, type PlanFormat, planOutput } from "../options/output.ts";
import { base } from "../options/changes.ts";
import { planBetweenManifests } from "../plan-between.ts";
import { styleOf } from "../style.ts";

/** Says what an apply would do. Writes nothing but the file of --out. */
export async function run(invocation: Invocation): Promise<number> {
  const other = invocation.flags.get(base);
  if (other !== undefined) return show(await planBetweenManifests(other, invocation), invocation);
  return withDecision(invocation, { lock: "none", makePlan }, async (session) => show(session, invocation));
}

type Planned = Pick<Session, "plan" | "asked" | "paths">;

async function show(found: Planned, invocation: Invocation): Promise<number> {
  const { flags, io } = invocation;
  const whence = flags.isOn(explain) ? found.asked.explain : undefined;
  const planned = whence === undefined ? found : { ...found, plan: explainPlan(found.plan, whence) };
  const exitCode = exitOfPlan(planned.plan, { isDetailed: flags.isOn(detailedExitcode) });
  const document = (): JsonObject => planDocument(planned, planned.paths);
  const file = flags.get(out);
  // First: once the document is on stdout, a failure could not be told in it any more.
  if (file !== undefined) await save(document(), file, invocation);
  io.stdout.write(RENDER[flags.get(planOutput) ?? "text"](planned, { document, exitCode, invocation }));
  return exitCode;
}

/** A refused plan could not be applied at all, which outranks that it has changes. */
function exitOfPlan(plan: Plan, { isDetailed }: { readonly isDetailed: boolean }): number {
  if (plan.refusals.length > 0) return EXIT.refused;
  return isDetailed && !isEmptyPlan(plan) ? EXIT.changes : EXIT.ok;
}

interface RenderSetup {
  /** Made only where it is asked for: of ten thousand resources it is large. */
  readonly document: () => JsonObject;
  readonly exitCode: number;
  readonly invocation: Invocation;
}

const RENDER: Readonly<Record<PlanFormat, (planned: Planned, setup: RenderSetup) => string>> = {
  text: ({ plan }, { invocation: { io, level } }) =>
    renderPlanText(plan, { style: styleOf(io.stdout), keeps: level === "verbose" ? "shown" : "hidden" }),
  json: (_, { document, exitCode }) => jsonDocument(document(), exitCode),
  ndjson: ({ plan }) => renderPlanNdjson(plan),
  markdown: ({ plan }) => renderPlanMarkdown(plan),
  html: ({ plan }) => renderPlanHtml(plan),
};

async function save(document: JsonObject, file: string, { io, log }: Invocation): Promise<void> {
  try {
    await writeFile(resolve(io.cwd, file), jsonText(document));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new SyncError("usage", `--out: cannot write the plan: ${why}`, { cause: error });
  }
  log.info(`Saved. Apply exactly this with: llmstack-sync apply ${file}`);
}
