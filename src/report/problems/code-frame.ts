import type { Problem, Range } from "../../model/problem.ts";
import { isSecretName } from "../../model/secret-name.ts";
import { SECRET } from "../../model/template.ts";
import { cut, printable } from "../printable.ts";
import type { ProblemList } from "./problem-list.ts";

/** The line of source that a problem is about, and where in it. */
export interface CodeFrame {
  readonly line: number;
  readonly text: string;
  /** Counted from 0 in `text`. */
  readonly start: number;
  readonly length: number;
}

const MAX_WIDTH = 160;

const KEY = /(?<![\w$-])(?<key>"[^"]*"|'[^']*'|[\w.-]+)\s*:\s+(?=\S)|(?<quoted>"[^"]*")\s*:(?=\S)/gu;

/**
 * A reference to a secret is none. One of another shape may be the secret itself, put there by mistake:
 * `{ $secret: "s3cr3t" }`.
 */
const REFERENCE = String.raw`\{\s*["']?\$(?:env["']?\s*:\s*["']?[A-Za-z_]\w*["']?|(?:file|ref)["']?\s*:\s*["']?[\w./-]+["']?|(?:secret|configMap)["']?\s*:\s*\{[^{}]*\})\s*\}`;

const DIRECTIVE = new RegExp(String.raw`^${REFERENCE}\s*,?\s*\}?,?\s*(?:#.*)?$`, "u");

const DIRECTIVES = new RegExp(REFERENCE, "gu");

/** `$env: NAME` in a line of its own. */
const BLOCK_DIRECTIVE = /^\s*(?:-\s+)?["']?\$env["']?\s*:\s*["']?[A-Za-z_]\w*["']?\s*$/u;

const PUBLIC_KEYS = /^\s*(?:-\s+)?["']?(?:apiVersion|kind|metadata)["']?\s*:/u;

const KIND_SECRET = /["']?kind["']?\s*:\s*["']?Secret\b/u;

/** Where a Secret keeps its values. */
const SECRET_VALUE = /(?:^|\/)(?:data|stringData)\//u;

/**
 * Gives the source line of a problem; undefined where the problem is of a whole file, or of a value of a Kubernetes
 * Secret. Values are left out where the problem is said to be at a secret, where the key's name says so, and in
 * documents that hold a Kubernetes Secret.
 */
export function codeFrames({ texts, isSecret }: ProblemList): (problem: Problem) => CodeFrame | undefined {
  const files = new Map<string, Lines>();
  return (problem) => {
    const { range, path, pointer = "" } = problem;
    const file = files.get(path) ?? linesOf(texts.get(path) ?? "");
    files.set(path, file);
    const source = range && file.lines[range.line - 1];
    if (range === undefined || source === undefined) return undefined;
    if (!file.isInSecret(range.line)) return fit(range, (isSecret?.(problem) === true ? withoutValue : mask)(source));
    return SECRET_VALUE.test(pointer) ? undefined : fit(range, shownLineOfSecret(source));
  };
}

interface Lines {
  readonly lines: readonly string[];
  /** True for a line, counted from 1, of a document that holds a Kubernetes Secret. */
  isInSecret(line: number): boolean;
}

function linesOf(text: string): Lines {
  const lines = text.split("\n");
  const starts = [0, ...lines.flatMap((line, index) => (line.startsWith("---") ? [index] : [])), lines.length];
  const secrets = starts.flatMap((start, index) => {
    const end = starts[index + 1] ?? lines.length;
    return KIND_SECRET.test(lines.slice(start, end).join("\n")) ? [{ start, end }] : [];
  });
  return { lines, isInSecret: (line) => secrets.some(({ start, end }) => start < line && line <= end) };
}

function shownLineOfSecret(source: string): string {
  return PUBLIC_KEYS.test(source) ? mask(source) : withoutValue(source);
}

/** True for a line of keys whose values are all directives: the name of a variable is no secret. */
function isReference(source: string): boolean {
  if (BLOCK_DIRECTIVE.test(source)) return true;
  const rest = source.replaceAll(DIRECTIVES, "").replaceAll(/["']?[\w.$-]+["']?\s*:/gu, "");
  return rest !== source && /^[\s{}[\],-]*$/u.test(rest);
}

function mask(source: string): string {
  if (isReference(source)) return source;
  for (const { 0: found, index, groups } of source.matchAll(KEY)) {
    const name = (groups?.["key"] ?? groups?.["quoted"] ?? "").replaceAll(/["']/gu, "");
    const value = index + found.length;
    if (isSecretName(name) && !DIRECTIVE.test(source.slice(value))) return source.slice(0, value) + SECRET;
  }
  return source;
}

function withoutValue(source: string): string {
  if (isReference(source)) return source;
  const key = /^[^:]*:(?=\s|$)/u.exec(source)?.[0];
  if (key === undefined) return `${/^\s*/u.exec(source)?.[0] ?? ""}${SECRET}`;
  return source.length === key.length ? source : `${key} ${SECRET}`;
}

/** A long line is cut on both sides of the place. */
function fit({ column, line, endLine, endColumn }: Range, source: string): CodeFrame {
  const at = Math.min(column - 1, source.length);
  const end = endLine === line ? Math.min(Math.max(endColumn - 1, at + 1), source.length) : source.length;
  const from = at > MAX_WIDTH - 40 ? at - 40 : 0;
  const before = (from === 0 ? "" : "...") + oneLine(source.slice(from, at));
  const marked = oneLine(cut(source.slice(at, end), MAX_WIDTH));
  const after = oneLine(cut(source.slice(end), Math.max(0, MAX_WIDTH - (end - from))));
  return { line, text: before + marked + after, start: before.length, length: Math.max(1, marked.length) };
}

function oneLine(text: string): string {
  return printable(text.replaceAll("\t", " ").replaceAll("\r", ""));
}
