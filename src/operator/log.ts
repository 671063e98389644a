import { pino } from "pino";
import { hintFor } from "../model/hints.ts";
import { SyncError } from "../model/errors.ts";

export type LogFields = Readonly<Record<string, unknown>>;

/** Constant words, and the facts beside them. */
export interface Log {
  error(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  debug(message: string, fields?: LogFields): void;
  /** One whose lines all carry these fields. */
  with(fields: LogFields): Log;
}

export interface LogSetup {
  readonly format: "text" | "json";
  readonly level: "error" | "info" | "debug";
  readonly write: (text: string) => void;
}

/** Names under which something secret could stand, whoever logs it. */
const SECRET_NAMES = ["token", "authorization", "password", "secret", "value", "data", "stringData", "headers", "body"];
const REDACTED = "[redacted]";
const LONGEST_TEXT = 4_096;

export function createLog({ format, level, write }: LogSetup): Log {
  if (format === "text") return textLog({ level, write }, {});
  const logger = pino(
    {
      level,
      base: null,
      messageKey: "message",
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: SECRET_NAMES.flatMap((name) => [name, `*.${name}`]), censor: REDACTED },
    },
    { write },
  );
  return jsonLog(logger);
}

/** What a log may say of something that was thrown: never what a library puts into its errors beside the message. */
export function failureFields(error: unknown): LogFields {
  if (error instanceof SyncError) {
    const { message, class: failure } = error;
    const remedy = hintFor(error.hint, "cluster");
    return { error: cut(message), class: failure, ...(remedy !== undefined && { hint: cut(remedy) }) };
  }
  if (!(error instanceof Error)) return { error: cut(String(error)) };
  return { error: cut(`${error.name}: ${error.message}`), stack: cut(error.stack ?? "") };
}

interface JsonLogger {
  error(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  debug(fields: LogFields, message: string): void;
  child(fields: LogFields): JsonLogger;
}

function jsonLog(logger: JsonLogger): Log {
  return {
    error: (message, fields = {}) => logger.error(fields, message),
    warn: (message, fields = {}) => logger.warn(fields, message),
    info: (message, fields = {}) => logger.info(fields, message),
    debug: (message, fields = {}) => logger.debug(fields, message),
    with: (fields) => jsonLog(logger.child(fields)),
  };
}

const HEARD = { error: ["error"], info: ["error", "warn", "info"], debug: ["error", "warn", "info", "debug"] };

function textLog({ level, write }: Pick<LogSetup, "level" | "write">, own: LogFields): Log {
  const say =
    (of: keyof Omit<Log, "with">) =>
    (message: string, fields: LogFields = {}) => {
      if (!HEARD[level].includes(of)) return;
      const facts = Object.entries({ ...own, ...fields }).map(([name, value]) => ` ${name}=${shown(name, value)}`);
      write(`${new Date().toISOString()} ${of} ${message}${facts.join("")}\n`);
    };
  return {
    error: say("error"),
    warn: say("warn"),
    info: say("info"),
    debug: say("debug"),
    with: (fields) => textLog({ level, write }, { ...own, ...fields }),
  };
}

function shown(name: string, value: unknown): string {
  const withoutSecrets = (inner: string, held: unknown): unknown => (SECRET_NAMES.includes(inner) ? REDACTED : held);
  return SECRET_NAMES.includes(name) ? REDACTED : (JSON.stringify(value, withoutSecrets) ?? "");
}

function cut(text: string): string {
  return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}...` : text;
}
