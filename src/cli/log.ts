import { jsonLine } from "../report/json.ts";
import { printableLines } from "../report/printable.ts";
import type { Output } from "./io.ts";
import { paint } from "./paint.ts";

/** What goes to stderr beside the progress: constant words, facts in the message, never a secret. */
export interface Log {
  /** Shown even with --quiet. */
  error(message: string, facts?: LogFacts): void;
  warn(message: string, facts?: LogFacts): void;
  info(message: string, facts?: LogFacts): void;
  /** Only with --verbose. */
  debug(message: string, facts?: LogFacts): void;
}

export interface LogFacts {
  /** What to do next. */
  readonly hint?: string;
  readonly class?: string;
  readonly stack?: string;
}

export interface LogStyle {
  readonly format: "text" | "json";
  readonly level: "quiet" | "normal" | "verbose";
}

type Level = "error" | "warn" | "info" | "debug";

const HEARD: Readonly<Record<LogStyle["level"], readonly Level[]>> = {
  quiet: ["error"],
  normal: ["error", "warn", "info"],
  verbose: ["error", "warn", "info", "debug"],
};

export function createLog(output: Output, { format, level }: LogStyle): Log {
  const say = (of: Level) => (message: string, facts?: LogFacts) => {
    if (!HEARD[level].includes(of)) return;
    output.write(format === "json" ? logLine(of, message, facts) : textLines(output, of, message, facts));
  };
  return { error: say("error"), warn: say("warn"), info: say("info"), debug: say("debug") };
}

function logLine(level: Level, message: string, facts: LogFacts = {}): string {
  return `${jsonLine({ time: new Date().toISOString(), level, message, ...facts })}\n`;
}

function textLines(output: Output, level: Level, message: string, facts: LogFacts = {}): string {
  const lines = [`${prefix(output, level)}${safe(message)}`];
  if (facts.hint !== undefined)
    lines.push(`${paint(output, "bold", "  hint:")} ${indent(safe(facts.hint), "        ")}`);
  if (facts.stack !== undefined) lines.push(safe(facts.stack));
  return `${lines.join("\n")}\n`;
}

function prefix(output: Output, level: Level): string {
  if (level === "error") return `${paint(output, "red", "error:")} `;
  return level === "warn" ? `${paint(output, "yellow", "warning:")} ` : "";
}

/** A name in a message may hold what moves a terminal's cursor. */
function safe(text: string): string {
  return printableLines(text).join("\n");
}

function indent(text: string, by: string): string {
  return text.replaceAll("\n", `\n${by}`);
}
