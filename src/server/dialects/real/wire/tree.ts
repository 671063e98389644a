import { isArray, isObject } from "../../../../model/json.ts";

/**
 * JSON as the real servers tell it apart: an integer is not a float (1.0 stays 1.0), and an integer may be of any size
 * (llmstack-server.md 2.0). Numbers that JavaScript would change are kept as their text.
 */
export type Tree = null | boolean | number | string | Exact | Unstorable | readonly Tree[] | TreeObject;

export interface TreeObject {
  readonly [key: string]: Tree;
}

/** A piece of JSON text that is answered as it is: a number JavaScript would change, or a whole stored document. */
export class Exact {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What Python can hold and a jsonb column cannot: an infinite number, a date out of YAML. */
export class Unstorable {
  /** As Python's str() shows it: a text column takes that. */
  readonly shown: string;

  constructor(shown: string) {
    this.shown = shown;
  }
}

/** Strict JSON as Python reads it; throws SyntaxError. The last of two equal keys wins. */
export function parseTree(text: string): Tree {
  const value: unknown = DOUBTFUL.test(text) ? JSON.parse(text, keepNumber) : JSON.parse(text);
  return value as Tree;
}

/** Digits, dots or exponents whose value JavaScript would tell differently. Also true of such text inside strings. */
const DOUBTFUL = /\d\.\d*0|\d[eE]|\d{16}|-0/u;

function keepNumber(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  return typeof value === "number" ? numberOf(context?.source ?? String(value)) : value;
}

/** A number by its source text, in the form that a jsonb column and Python give it back. */
export function numberOf(source: string): number | Exact | Unstorable {
  if (/^-?\d+$/u.test(source)) return integer(BigInt(source));
  const value = Number(source);
  if (!Number.isFinite(value)) return new Unstorable(value < 0 ? "-inf" : "inf");
  if (!Number.isInteger(value)) return value;
  // A jsonb number has no exponent: what Python would write with one comes back as an integer.
  return Math.abs(value) < 1e16 ? new Exact(`${BigInt(value)}.0`) : integer(digitsOf(value));
}

function integer(value: bigint): number | Exact {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number + 0 : new Exact(value.toString());
}

/** The shortest digits that mean this float, filled up with zeros. */
function digitsOf(value: number): bigint {
  const [digits = "0", exponent = "0"] = value.toExponential().split("e");
  const [whole = "0", fraction = ""] = digits.split(".");
  return BigInt(whole + fraction.padEnd(Number(exponent), "0"));
}

/** JSON text with keys in the order that they have. */
export function writeTree(tree: Tree): string {
  return write(tree, (members) => members);
}

/** JSON text in the key order of a jsonb column: shorter keys first, then bytewise (llmstack-server.md 2.0). */
export function writeJsonb(tree: Tree): string {
  return write(tree, (members) => members.toSorted(([a], [b]) => byLengthThenBytes(a, b)));
}

type Member = readonly [string, Tree];

function write(tree: Tree, order: (members: readonly Member[]) => readonly Member[]): string {
  if (tree instanceof Exact) return tree.text;
  if (isArray<Tree>(tree)) return `[${tree.map((item) => write(item, order)).join(",")}]`;
  if (!isTreeObject(tree)) return JSON.stringify(tree);
  const members = order(Object.entries(tree)).map(([key, value]) => `${JSON.stringify(key)}:${write(value, order)}`);
  return `{${members.join(",")}}`;
}

function byLengthThenBytes(a: string, b: string): number {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length - right.length || Buffer.compare(left, right);
}

export function isTreeObject(tree: unknown): tree is TreeObject {
  return isObject(tree) && !(tree instanceof Exact) && !(tree instanceof Unstorable);
}

/** What Python's `if` thinks of it. */
export function isTruthy(tree: Tree | undefined): boolean {
  if (tree === undefined || tree === null) return false;
  if (tree instanceof Exact) return tree.text !== "0.0" && tree.text !== "-0.0";
  if (isArray<Tree>(tree)) return tree.length > 0;
  return isTreeObject(tree) ? Object.keys(tree).length > 0 : Boolean(tree);
}

/** True for what Postgres takes as jsonb: no NUL, no half of a surrogate pair, nothing infinite. */
export function isStorable(tree: Tree): boolean {
  if (tree instanceof Unstorable) return false;
  if (typeof tree === "string") return isStorableText(tree);
  if (isArray<Tree>(tree)) return tree.every(isStorable);
  if (!isTreeObject(tree)) return true;
  return Object.entries(tree).every(([key, value]) => isStorableText(key) && isStorable(value));
}

export function isStorableText(text: string): boolean {
  return text.isWellFormed() && !text.includes("\0");
}

/** True where the serialiser of every answer fails: an integer of more than 64 bits (llmstack-server.md 2.0). */
export function isTooWide(tree: Tree): boolean {
  if (tree instanceof Exact) return /^-?\d+$/u.test(tree.text) && isBeyond64Bits(BigInt(tree.text));
  if (isArray<Tree>(tree)) return tree.some(isTooWide);
  return isTreeObject(tree) && Object.values(tree).some(isTooWide);
}

function isBeyond64Bits(value: bigint): boolean {
  return value < -(2n ** 63n) || value >= 2n ** 64n;
}
