import { relative, resolve } from "node:path";
import { makePlan } from "../../plan/make-plan.ts";
import { applyPlan } from "../apply-plan.ts";
import type { Invocation } from "../command-row.ts";
import { withDecision } from "../decide.ts";
import { EXIT } from "../exit-codes.ts";
import { showFailure } from "../failure.ts";
import { namedPaths } from "../manifest-input.ts";
import { changeOutput, report } from "../options/output.ts";
import { data } from "../options/server.ts";
import { withReportFile } from "../report-file.ts";
import { type OpenServer, openServer } from "../server-connection.ts";
import { loadSettings } from "../settings.ts";
import { type Changes, watchPaths } from "../watch/changes.ts";

/** A server that does not answer is asked again, less and less often. */
const FIRST_RETRY_MS = 5_000;
const LONGEST_RETRY_MS = 300_000;

/** Applies, and applies again whenever something changed, until it is stopped: exit 0, or 130 amid a run. */
export async function run(invocation: Invocation): Promise<number> {
  const { flags, io, log } = invocation;
  const settings = await loadSettings(invocation);
  const paths = namedPaths(invocation, settings);
  const own = [flags.get(report), flags.get(data)].flatMap((path) =>
    path === undefined ? [] : [resolve(io.cwd, path)],
  );
  const server = await openServer({ settings, flags, io, log });
  const changes = await watchPaths(paths, { cwd: io.cwd, except: own });
  try {
    return await follow(changes, server, invocation);
  } finally {
    await changes.close();
    server.close();
  }
}

async function follow(changes: Changes, server: OpenServer, invocation: Invocation): Promise<number> {
  const { io, log } = invocation;
  let retryMs = FIRST_RETRY_MS;
  for (;;) {
    const exitCode = await applyOnce(server, invocation);
    if (exitCode === EXIT.interrupted || io.stop.aborted) return exitCode === EXIT.ok ? EXIT.ok : EXIT.interrupted;
    const isPassing = exitCode === EXIT.unreachable || exitCode === EXIT.partial;
    retryMs = isPassing ? Math.min(retryMs * 2, LONGEST_RETRY_MS) : FIRST_RETRY_MS;
    log.info(
      isPassing ? `Waiting for changes; trying again in ${retryMs / 1000} s.` : "Waiting for changes; Ctrl-C ends it.",
    );
    const changed = await changes.next({ stop: io.stop, ...(isPassing && { afterMs: retryMs }) });
    if (changed === undefined) return EXIT.ok;
    log.info(changed.length === 0 ? "Trying again." : `Changed: ${shown(changed, io.cwd)}`);
  }
}

/** One apply; whatever goes wrong is shown and is not the end. */
async function applyOnce(server: OpenServer, invocation: Invocation): Promise<number> {
  const { io, log, level, progress } = invocation;
  try {
    return await withReportFile(invocation, async () =>
      withDecision(invocation, { lock: "taken", makePlan, server }, async (session) =>
        applyPlan(session, invocation, { withoutTerminal: "given" }),
      ),
    );
  } catch (error) {
    progress.clear();
    const format = invocation.flags.text(changeOutput);
    return showFailure(error, { io, log, isVerbose: level === "verbose", format });
  }
}

function shown(paths: readonly string[], cwd: string): string {
  const names = paths.slice(0, 3).map((path) => {
    const fromHere = relative(cwd, path);
    return fromHere.startsWith("..") ? path : fromHere;
  });
  return paths.length > names.length ? `${names.join(", ")} and ${paths.length - names.length} more` : names.join(", ");
}
