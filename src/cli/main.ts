import { CommanderError } from "commander";
import { SyncError } from "../model/errors.ts";
import { commandRows } from "./command-table.ts";
import { EXIT } from "./exit-codes.ts";
import { showFailure } from "./failure.ts";
import { flagValues } from "./flag-values.ts";
import type { Io } from "./io.ts";
import { createLog, type LogStyle } from "./log.ts";
import { logFormat } from "./options/output.ts";
import { packageVersion } from "./package-version.ts";
import { liveOutput } from "./progress.ts";
import { buildProgram, type Parsed } from "./program.ts";

/** Runs one command line (without node and script) and answers its exit code. Never throws. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  const parsed = await parse(argv, io);
  if (typeof parsed === "number") return parsed;
  const flags = flagValues(parsed.texts);
  const format = parsed.texts.get("--output")?.at(-1);
  const style = logStyle(parsed, io);
  const isLive = style.level !== "quiet" && style.format === "text";
  const { output: stderr, progress } = liveOutput(io.stderr, { isLive });
  const log = createLog(stderr, style);
  try {
    for (const flag of [...parsed.row.flags, logFormat]) flags.list(flag);
    const { run } = await parsed.row.load();
    return await run({
      row: parsed.row,
      args: parsed.args,
      flags,
      io: { ...io, stderr },
      log,
      progress,
      rows: commandRows,
      level: style.level,
    });
  } catch (error) {
    progress.clear();
    return await showFailure(error, { io, log, isVerbose: style.level === "verbose", format });
  }
}

async function parse(argv: readonly string[], io: Io): Promise<Parsed | number> {
  let parsed: Parsed | undefined;
  const program = buildProgram(commandRows, { version: packageVersion(), stdout: io.stdout }, (found) => {
    parsed = found;
  });
  try {
    if (argv.length === 0) {
      io.stderr.write(`${program.helpInformation()}\n`);
      throw new SyncError("usage", "no command given", { remedy: "llmstack-sync --help" });
    }
    program.parse(withoutHelpOnNothing(argv), { from: "user" });
    return parsed ?? EXIT.usage;
  } catch (error) {
    return await usageFailure(error, argv, io);
  }
}

/**
 * Where help is asked for on a command that does not exist, that command alone: commander would show its general help
 * and call it done.
 */
function withoutHelpOnNothing(argv: readonly string[]): readonly string[] {
  const [first = "", topic = ""] = argv;
  const asked = first === "help" ? topic : argv.includes("--help") || argv.includes("-h") ? first : "";
  const isKnown = asked === "" || asked.startsWith("-") || asked === "help";
  return isKnown || commandRows.some(({ name }) => name === asked) ? argv : [asked];
}

/** Help and version come as errors too: they are none. */
async function usageFailure(error: unknown, argv: readonly string[], io: Io): Promise<number> {
  if (error instanceof CommanderError && error.exitCode === 0) return EXIT.ok;
  const usage =
    error instanceof CommanderError ? new SyncError("usage", usageMessage(error), { remedy: helpHint(argv) }) : error;
  const log = createLog(io.stderr, { format: argv.includes("--log-format=json") ? "json" : "text", level: "normal" });
  return showFailure(usage, { io, log, isVerbose: false, format: askedFormat(argv) });
}

/** Commander puts its suggestion into a line of its own, and the value of an unknown flag, a token say, into its name. */
function usageMessage({ message }: CommanderError): string {
  return message
    .replace(/^error: /u, "")
    .replace(/^(unknown option '-[^=]*)=.*'/su, "$1'")
    .replace(/\n\(Did you mean (.*)\?\)$/u, ": did you mean $1?");
}

function helpHint(argv: readonly string[]): string {
  const command = commandRows.find(({ name }) => argv.includes(name));
  return `llmstack-sync ${command === undefined ? "" : `${command.name} `}--help`;
}

/** The format asked for, as far as it can be told from a command line that did not parse. */
function askedFormat(argv: readonly string[]): string | undefined {
  const joined = argv.map((word) => /^(?:-o=?|--output=)(json|ndjson)$/u.exec(word)?.[1]).find((format) => format);
  const index = argv.findIndex((word) => word === "-o" || word === "--output");
  return joined ?? (index === -1 ? undefined : argv[index + 1]);
}

function logStyle({ texts }: Parsed, io: Io): LogStyle {
  const format = texts.get("--log-format")?.at(-1) ?? io.env["LLMSTACK_LOG_FORMAT"];
  const level = texts.has("--quiet") ? "quiet" : texts.has("--verbose") ? "verbose" : "normal";
  return { format: format === "json" ? "json" : "text", level };
}
