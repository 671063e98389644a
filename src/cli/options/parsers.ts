import type { ListenAddress } from "../../listen-on.ts";
import type { MaxDeletes } from "../../model/plan.ts";
import { badValue } from "./flag.ts";

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Node's timers fire at once above this (24.8 days). */
const MAX_TIMER = 2 ** 31 - 1;

/** `500ms`, `30s`, `1m30s`, `1h` in milliseconds. A bare number is refused: nobody knows its unit. */
export function parseDuration(text: string): number {
  const isDuration = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h))+$/u.test(text);
  const parts = isDuration ? [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/gu)] : [];
  const milliseconds = parts.reduce((sum, [, digits, unit = ""]) => sum + Number(digits) * (UNITS[unit] ?? 0), 0);
  if (milliseconds <= 0 || milliseconds > MAX_TIMER)
    throw badValue(text, "a duration above zero such as 500ms, 30s or 2m");
  return milliseconds;
}

/** As a duration; `0` is never. */
export function parseResync(text: string): number | "never" {
  return text === "0" ? "never" : parseDuration(text);
}

/** A commit by its full id. */
export function parseCommit(text: string): string {
  if (!/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/u.test(text)) throw badValue(text, "a commit: 40 or 64 hexadecimal digits");
  return text;
}

/** Whole, and small enough that a slip of the finger does not open ten thousand connections. */
export function parsePositiveInteger(text: string): number {
  const value = /^\d{1,4}$/u.test(text) ? Number(text) : 0;
  if (value < 1 || value > 1000) throw badValue(text, "a whole number from 1 to 1000");
  return value;
}

/** From 1 to ten million: a limit on files. */
export function parseFileCount(text: string): number {
  const value = /^\d{1,8}$/u.test(text) ? Number(text) : 0;
  if (value < 1 || value > 10_000_000) throw badValue(text, "a whole number from 1 to 10000000");
  return value;
}

const BYTES: Readonly<Record<string, number>> = { KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 };

/** `256MiB`, `1GiB`; a bare number is refused: nobody knows its unit. */
export function parseByteSize(text: string): number {
  const [, digits, unit = ""] = /^(\d{1,6})(KiB|MiB|GiB)$/u.exec(text) ?? [];
  const value = Number(digits ?? 0) * (BYTES[unit] ?? 0);
  if (value < 1 || value > 2 ** 31) throw badValue(text, "a size such as 512KiB, 256MiB or 1GiB, and 2GiB at most");
  return value;
}

export function parseMilliseconds(text: string): number {
  if (!/^\d{1,7}$/u.test(text)) throw badValue(text, "a number of milliseconds");
  return Number(text);
}

/** `5` objects or `30%` of what the set manages. */
export function parseMaxDeletes(text: string): MaxDeletes {
  const [, digits, percent] = /^(\d{1,6})(%?)$/u.exec(text) ?? [];
  if (digits === undefined || (percent === "%" && Number(digits) > 100)) {
    throw badValue(text, "a number of objects such as 5, or a share such as 30%");
  }
  return percent === "%" ? { percent: Number(digits) } : { count: Number(digits) };
}

export function parseKeyGlob(text: string): string {
  if (!/^[^/\s]+\/[^/\s]+$/u.test(text)) throw badValue(text, "KIND/NAME such as App/support-bot or 'App/support-*'");
  return text;
}

/** A label the operator's own sets never use. */
export function parseSetName(text: string): string {
  if (text.startsWith("k8s:"))
    throw badValue(text, "a set for the command line: names that start with k8s: belong to the operator");
  if (!/^[A-Za-z0-9](?:[A-Za-z0-9._/-]{0,61}[A-Za-z0-9])?$/u.test(text)) {
    throw badValue(text, "a set name: 1 to 63 letters, digits, '.', '_', '-' or '/'");
  }
  return text;
}

/** `http://host`, `https://host/path` or `embedded`; credentials in an address would end up in logs. */
export function parseServer(text: string): string {
  if (text === "embedded") return text;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== "http:" && url.protocol !== "https:")) {
    throw badValue(text.replaceAll(/\/\/[^/]*@/gu, "//…@"), "an http:// or https:// address, or 'embedded'");
  }
  if (url.username !== "" || url.password !== "") {
    throw badValue(
      `${url.protocol}//…@${url.host}`,
      "an address without credentials: put the token into LLMSTACK_TOKEN",
    );
  }
  return text;
}

/** `127.0.0.1:8080`, `[::1]:0`, `:8080` (loopback). Port 0 picks a free one. */
export function parseListen(text: string): ListenAddress {
  const [, bracketed, plain = "", digits = ""] = /^(?:\[([^\]]+)\]|([^:[\]]*)):(\d{1,5})$/u.exec(text) ?? [];
  if (digits === "" || Number(digits) > 65_535)
    throw badValue(text, "HOST:PORT such as 127.0.0.1:8080; port 0 picks a free one");
  return { host: bracketed ?? (plain === "" ? "127.0.0.1" : plain), port: Number(digits) };
}

/** A name that may stand in a marker or a file name. */
export function parseKeyName(text: string): string {
  if (!/^[A-Za-z0-9](?:[A-Za-z0-9._/-]{0,61}[A-Za-z0-9])?$/u.test(text)) {
    throw badValue(text, "a name: 1 to 63 letters, digits, '.', '_', '-' or '/'");
  }
  return text;
}
