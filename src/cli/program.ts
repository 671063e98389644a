import { Argument, Command, Option } from "commander";
import { EXIT_MEANINGS } from "./exit-codes.ts";
import type { CommandRow } from "./command-row.ts";
import type { Output } from "./io.ts";
import { type Flag, longName } from "./options/flag.ts";
import { commonFlags } from "./options/output.ts";

/** What was asked on the command line, as texts. */
export interface Parsed {
  readonly row: CommandRow;
  readonly args: readonly string[];
  readonly texts: ReadonlyMap<string, readonly string[]>;
}

/**
 * The command line as commander sees it. It parses and writes help; `onCommand` is called with what it found.
 * Throws CommanderError instead of ending the process.
 */
export function buildProgram(
  rows: readonly CommandRow[],
  { version, stdout }: { readonly version: string; readonly stdout: Output },
  onCommand: (parsed: Parsed) => void,
): Command {
  const program = new Command("llmstack-sync")
    .description("GitOps for LLMStack: make a live server match the manifests in a folder.")
    .version(version, "-V, --version", "print the version")
    .helpOption("-h, --help", "show help")
    .helpCommand("help [command]", "show help of a command")
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      // Errors are thrown as well, and main shows them in the format asked for.
      writeErr: () => undefined,
      getOutHelpWidth: () => Math.min(stdout.columns, 120),
      getOutHasColors: () => stdout.hasColor,
    })
    .configureHelp({ showGlobalOptions: true })
    .exitOverride();
  for (const flag of commonFlags) program.addOption(toOption(flag));
  program.addHelpText(
    "after",
    `\n${exitCodes()}\n\nFirst steps:\n${examples(["validate manifests", "apply manifests --server embedded"])}`,
  );
  for (const row of rows) addCommand(program, row, onCommand);
  return program;
}

function addCommand(program: Command, row: CommandRow, onCommand: (parsed: Parsed) => void): void {
  const command = program.command(row.name, { hidden: row.isHidden === true }).summary(row.summary);
  command.description(row.details === undefined ? sentence(row.summary) : `${sentence(row.summary)}\n\n${row.details}`);
  if (row.argument !== undefined) command.addArgument(toArgument(row.argument));
  for (const flag of row.flags) command.addOption(toOption(flag));
  for (const flag of row.flags.filter(isSwitchOfAFile)) command.addOption(toNegation(flag));
  if (row.examples.length > 0) command.addHelpText("after", `\nExamples:\n${examples(row.examples)}`);
  command.action(() => {
    onCommand({ row, args: command.args, texts: textsOf(command.optsWithGlobals(), [...row.flags, ...commonFlags]) });
  });
}

function toArgument({ syntax, help, choices }: NonNullable<CommandRow["argument"]>): Argument {
  const argument = new Argument(syntax, help);
  return choices === undefined ? argument : argument.choices(choices);
}

function toOption(flag: Flag<unknown>): Option {
  const facts = [
    flag.defaultText !== undefined && `default: ${flag.defaultText}`,
    flag.env !== undefined && `env: ${flag.env}`,
  ].filter((fact) => typeof fact === "string");
  const help = facts.length === 0 ? flag.help : `${flag.help} (${facts.join("; ")})`;
  const option = new Option(flag.syntax, help).helpGroup(`${flag.group}:`);
  if (flag.choices !== undefined) option.choices([...flag.choices]);
  return flag.isRepeatable
    ? option.argParser((text, before: readonly string[] | undefined) => [...(before ?? []), text])
    : option;
}

/** What a project file switches on must be possible to switch off for one run. */
function isSwitchOfAFile({ isSwitch, fileKey }: Flag<unknown>): boolean {
  return isSwitch && fileKey !== undefined;
}

function toNegation(flag: Flag<unknown>): Option {
  return new Option(longName(flag).replace("--", "--no-")).hideHelp();
}

function textsOf(
  options: Readonly<Record<string, unknown>>,
  flags: readonly Flag<unknown>[],
): ReadonlyMap<string, readonly string[]> {
  const texts = new Map<string, readonly string[]>();
  for (const flag of flags) {
    const value = options[new Option(flag.syntax).attributeName()];
    if (value === undefined) continue;
    texts.set(
      longName(flag),
      Array.isArray(value)
        ? value.map(String)
        : [typeof value === "string" ? value : value === false ? "false" : "true"],
    );
  }
  return texts;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function examples(lines: readonly string[]): string {
  return lines.map((line) => `  llmstack-sync ${line}`).join("\n");
}

function exitCodes(): string {
  return `Exit codes:\n${EXIT_MEANINGS.map(([code, meaning]) => `  ${String(code).padStart(3)}  ${meaning}`).join("\n")}`;
}
