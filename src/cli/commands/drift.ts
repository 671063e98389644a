import { SyncError } from "../../model/errors.ts";
import { kinds } from "../../kinds/index.ts";
import type { Drift } from "../../model/drift.ts";
import type { Plan } from "../../model/plan.ts";
import { classifyDrift } from "../../plan/drift.ts";
import { makePlan } from "../../plan/make-plan.ts";
import { driftToJson } from "../../report/drift-json.ts";
import { renderDriftMarkdown } from "../../report/drift-markdown.ts";
import { renderDriftHtml } from "../../report/html/drift-html.ts";
import { renderDriftText } from "../../report/drift-text.ts";
import type { Invocation } from "../command-row.ts";
import { withDecision } from "../decide.ts";
import { EXIT } from "../exit-codes.ts";
import { jsonDocument } from "../json-document.ts";
import { detailedExitcode, type DriftFormat, driftOutput } from "../options/output.ts";
import { styleOf } from "../style.ts";

/** Says what differs between live and manifests, and who moved. Writes nothing. */
export async function run(invocation: Invocation): Promise<number> {
  return withDecision(invocation, { lock: "none", makePlan, versionReads: "everywhere" }, async ({ plan }) => {
    const { flags, io } = invocation;
    refuseAsThePlanDoes(plan);
    const drift = classifyDrift(plan, kinds);
    const exitCode = flags.isOn(detailedExitcode) && drift.changes.length > 0 ? EXIT.changes : EXIT.ok;
    io.stdout.write(RENDER[flags.get(driftOutput) ?? "text"](drift, { exitCode, io }));
    return exitCode;
  });
}

/** No manifests at all would read as "no drift". */
function refuseAsThePlanDoes({ refusals }: Plan): void {
  const [first] = refusals;
  if (first !== undefined) throw new SyncError("refused", first.detail, { remedy: first.remedy });
}

interface RenderSetup {
  readonly exitCode: number;
  readonly io: Invocation["io"];
}

const RENDER: Readonly<Record<DriftFormat, (drift: Drift, setup: RenderSetup) => string>> = {
  text: (drift, { io }) => renderDriftText(drift, { style: styleOf(io.stdout) }),
  json: (drift, { exitCode }) => jsonDocument(driftToJson(drift), exitCode),
  markdown: (drift) => renderDriftMarkdown(drift),
  html: (drift) => renderDriftHtml(drift),
};
