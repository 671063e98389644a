import { open, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { SyncError } from "../model/errors.ts";
import type { Report } from "../model/outcome.ts";
import { jsonText } from "../report/json.ts";
import { reportToJson } from "../report/report-json.ts";
import type { Invocation } from "./command-row.ts";
import { EXIT } from "./exit-codes.ts";
import { failureDocument } from "./failure.ts";
import { jsonDocument } from "./json-document.ts";
import { report } from "./options/output.ts";

/** What an apply came to, before it becomes an exit code. */
export interface Applied {
  readonly report: Report;
  readonly exitCode: number;
}

/**
 * Runs `work` and writes what it came to into the file of --report, a failure too: a report of an earlier run must not
 * be taken for this one's. A file that cannot be written is found out before anything is done.
 */
export async function withReportFile(invocation: Invocation, work: () => Promise<Applied>): Promise<number> {
  const { flags, io } = invocation;
  const name = flags.get(report);
  if (name === undefined) return (await work()).exitCode;
  const path = resolve(io.cwd, name);
  await requireWritable(path);
  let applied: Applied;
  try {
    applied = await work();
  } catch (error) {
    await write(path, jsonText(failureDocument(error, io.stop)), invocation);
    throw error;
  }
  const isWritten = await write(path, jsonDocument(reportToJson(applied.report), applied.exitCode), invocation);
  return isWritten || applied.exitCode !== EXIT.ok ? applied.exitCode : EXIT.unexpected;
}

/** What was done is done, and stdout has its document: a disk that is full by now is told on stderr alone. */
async function write(path: string, text: string, { log }: Invocation): Promise<boolean> {
  try {
    await writeFile(path, text);
    return true;
  } catch (error) {
    log.error(`--report: could not write ${path}: ${error instanceof Error ? error.message : String(error)}`);
    return false;
  }
}

async function requireWritable(path: string): Promise<void> {
  try {
    const handle = await open(path, "a");
    await handle.close();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new SyncError("usage", `--report: cannot write there: ${why}`, { cause: error });
  }
}
