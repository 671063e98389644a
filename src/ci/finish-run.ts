import { appendFile, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Invocation } from "../cli/command-row.ts";
import { EXIT } from "../cli/exit-codes.ts";
import * as options from "../cli/options/ci.ts";
import { report as reportFlag } from "../cli/options/output.ts";
import { packageVersion } from "../cli/package-version.ts";
import { jsonText, SCHEMA_VERSION } from "../report/json.ts";
import { problemsToSarif } from "../report/problems/problems-sarif.ts";
import { reportToJson } from "../report/report-json.ts";
import type { DutyResult } from "./ci-run.ts";
import { renderProblemsPage } from "./comment/render-comment.ts";
import { codeQuality } from "./code-quality.ts";
import type { Forge } from "./forges/forge.ts";
import { annotationLines } from "./runner/annotations.ts";
import type { GuardedOutput } from "./runner/guarded-output.ts";
import { NO_OUTPUTS, outputsText } from "./runner/outputs.ts";

interface Finishing {
  readonly guard: GuardedOutput;
  readonly forge: Forge;
  readonly token: () => string;
}

/** Writes what a run leaves for others: files, annotations, the page of the run, outputs. Answers its exit code. */
export async function finishRun(result: DutyResult, invocation: Invocation, finishing: Finishing): Promise<number> {
  const { flags, io } = invocation;
  const reportPath = flags.get(reportFlag);
  const outputs = { ...NO_OUTPUTS, ...result.outputs, "report-path": reportPath ?? "" };
  const files: readonly (readonly [path: string | undefined, text: () => string])[] = [
    [flags.get(options.sarif), () => jsonText(problemsToSarif(listOf(result), { version: packageVersion() }))],
    [flags.get(options.codequality), () => jsonText(codeQuality(listOf(result).problems))],
    [result.plan && flags.get(options.planOut), () => jsonText(result.plan?.json() ?? {})],
    [result.plan && flags.get(options.planHtml), () => result.plan?.html() ?? ""],
    [reportPath, () => jsonText(reportDocument(result, outputs))],
  ];
  const written = await Promise.all(
    files.map(async ([path, text]) => path === undefined || write(path, text(), invocation)),
  );
  if (flags.get(options.annotations) !== "never") {
    finishing.guard.commands(annotationLines(listOf(result).problems, { changed: result.changed ?? new Set() }));
  }
  if (finishing.forge.runner === "github") {
    if (flags.get(options.stepSummary) !== "never") await append(io.env["GITHUB_STEP_SUMMARY"], summaryOf(result));
    await append(io.env["GITHUB_OUTPUT"], outputsText(outputs, finishing.token));
  }
  return written.every(Boolean) || result.exitCode !== EXIT.ok ? result.exitCode : EXIT.unexpected;
}

/** The page of a run takes 1 MiB; beyond it all of it is dropped. */
const SUMMARY_BYTES = 1_000_000;

function summaryOf(result: DutyResult): string {
  const list = listOf(result);
  if (result.summary !== undefined) return result.summary;
  return list.problems.length === 0 ? "" : renderProblemsPage(list, SUMMARY_BYTES);
}

function listOf({ problems }: DutyResult): NonNullable<DutyResult["problems"]> {
  return problems ?? { problems: [], texts: new Map() };
}

function reportDocument({ report, exitCode }: DutyResult, outputs: typeof NO_OUTPUTS): Parameters<typeof jsonText>[0] {
  const base = { schemaVersion: SCHEMA_VERSION, kind: "CiReport", exitCode, outputs: { ...outputs } };
  return report === undefined ? base : { ...base, report: reportToJson(report) };
}

async function write(path: string, text: string, { io, log }: Invocation): Promise<boolean> {
  try {
    await writeFile(resolve(io.cwd, path), text);
    return true;
  } catch (error) {
    log.error(`could not write ${path}: ${error instanceof Error ? error.message : String(error)}`);
    return false;
  }
}

async function append(path: string | undefined, text: string): Promise<void> {
  if (path !== undefined && path !== "" && text !== "")
    await appendFile(path, text.endsWith("\n") ? text : `${text}\n`);
}
