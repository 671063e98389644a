import { open, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { SyncError } from "../model/errors.ts";
import type { Report } from "../model/outcome.ts";
import { reportToJson } from "../report/report-json.ts";
import type { Invocation } from "./command-row.ts";
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
export async function withReportFile({ flags, io }: Invocation, work: () => Promise<Applied>): Promise<number> {
  const name = flags.get(report);
  const path = name === undefined ? undefined : resolve(io.cwd, name);
  if (path !== undefined) await requireWritable(path);
  try {
    const applied = await work();
    if (path !== undefined) await writeFile(path, jsonDocument(reportToJson(applied.report), applied.exitCode));
    return applied.exitCode;
  } catch (error) {
    if (path !== undefined) await writeFile(path, `${JSON.stringify(failureDocument(error, io.stop), undefined, 2)}\n`);
    throw error;
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
