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

/** A reference to a secret is none. */
const DIRECTIVE = /^\{\s*["']?\$[a-zA-Z]+["']?\s*:\s*(?:[^{}]*|\{[^{}]*\}\s*)\}\s*,?\s*\}?,?\s*(?:#.*)?$/u;

const PUBLIC_KEYS = /^\s*(?:-\s+)?["']?(?:apiVersion|kind|metadata|name|namespace|type)["']?\s*:/u;

/**
 * The source line of a problem; undefined where the problem is of a whole file. Values are left out where the problem
 * is said to be at a secret, where the key's name says so, and in files that hold a Kubernetes Secret.
 */
export function codeFrame(problem: Problem, { texts, isSecret }: ProblemList): CodeFrame | undefined {
  const source = problem.range && texts.get(problem.path)?.split("\n")[problem.range.line - 1];
  if (problem.range === undefined || source === undefined) return undefined;
  const isSecretFile = /^\s*["']?kind["']?\s*:\s*["']?Secret\b/mu.test(texts.get(problem.path) ?? "");
  const shown = mask(source, { isSecret: isSecret?.(problem) ?? false, isSecretFile });
  return fit(problem.range, shown);
}

function mask(source: string, { isSecret, isSecretFile }: { isSecret: boolean; isSecretFile: boolean }): string {
  if (isSecret || (isSecretFile && !PUBLIC_KEYS.test(source))) return withoutValue(source);
  for (const { 0: found, index, groups } of source.matchAll(KEY)) {
    const name = (groups?.["key"] ?? groups?.["quoted"] ?? "").replaceAll(/["']/gu, "");
    const value = index + found.length;
    if (isSecretName(name) && !DIRECTIVE.test(source.slice(value))) return source.slice(0, value) + SECRET;
  }
  return source;
}

function withoutValue(source: string): string {
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
