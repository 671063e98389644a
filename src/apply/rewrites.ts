import type { DialectRules } from "../model/dialect.ts";
import { digest } from "../model/digest.ts";
import { isArray, isObject, type Json, type JsonObject, jsonEqual, own } from "../model/json.ts";
import type { KindSpec } from "../model/kind.ts";
import type { Mark } from "../model/mark.ts";
import { type Pointer, pointer } from "../model/pointer.ts";
import { isTemplateObject, Secret, type Template } from "../model/template.ts";

/** A place where a server keeps something else than it was sent. */
export interface Rewrite {
  readonly pointer: Pointer;
  /** Digests of what was sent and of what is kept; absent where they would let somebody test guesses at a secret. */
  readonly pair?: readonly [string, string];
}

interface Scope {
  readonly spec: KindSpec;
  readonly rules: DialectRules;
  readonly document: JsonObject;
}

interface Sides {
  /** What `sent` was resolved from: it knows where secrets are. */
  readonly template: Template | undefined;
  readonly sent: Json | undefined;
  readonly got: Json | undefined;
}

/** Where `got` is not what `sent` asks for, what the dialect knows the server to add or make of it aside; in document order. */
export function rewritesIn(
  { template, sent, got }: { readonly template: Template; readonly sent: JsonObject; readonly got: JsonObject },
  scope: Pick<Scope, "spec" | "rules">,
): readonly Rewrite[] {
  return rewritesAt({ template, sent, got }, "", { ...scope, document: got });
}

/** The `kept` of a mark, with these rewrites in it; undefined when all of them stand there already. */
export function keptWith(rewrites: readonly Rewrite[], mark: Mark): Mark["kept"] {
  const fresh = rewrites.flatMap(({ pointer: path, pair }) => (pair === undefined ? [] : [[path, pair] as const]));
  const isKnown = fresh.every(([path, [sent, got]]) => {
    const known = mark.kept === undefined ? undefined : own(mark.kept, path);
    return known?.[0] === sent && known[1] === got;
  });
  return isKnown ? undefined : { ...mark.kept, ...Object.fromEntries(fresh) };
}

function rewritesAt({ template, sent, got }: Sides, path: Pointer, scope: Scope): readonly Rewrite[] {
  if (jsonEqual(sent, got)) return [];
  if (isTopLevel(path) && isNothing(sent) && isNothing(got)) return [];
  if ((sent ?? null) === null && got !== undefined) {
    const isDefault = scope.rules.isServerDefault(scope.spec.kind, path, got, scope.document);
    return isDefault ? [] : [rewriteOf({ template, sent, got }, path, scope)];
  }
  if (isKnownRewrite(sent, got, path, scope)) return [];
  return rewritesInside({ template, sent, got }, path, scope) ?? [rewriteOf({ template, sent, got }, path, scope)];
}

/** What a dialect says that its servers make of a value is no surprise. */
function isKnownRewrite(
  sent: Json | undefined,
  got: Json | undefined,
  path: Pointer,
  { rules, spec, document }: Scope,
): boolean {
  return sent !== undefined && sent !== null && rules.isServerRewrite(spec.kind, path, { sent, got }, document);
}

/** Undefined where the two sides cannot be compared part by part. */
function rewritesInside({ template, sent, got }: Sides, path: Pointer, scope: Scope): readonly Rewrite[] | undefined {
  if (isArray<Json>(sent) && isArray<Json>(got) && sent.length === got.length) {
    const items = isArray<Template>(template) ? template : [];
    return sent.flatMap((item, index) =>
      rewritesAt({ template: items[index], sent: item, got: got[index] }, path + pointer(index), scope),
    );
  }
  if (!isObject(sent) || !isObject(got)) return undefined;
  return [...new Set([...Object.keys(sent), ...Object.keys(got)])].flatMap((key) => {
    const inner = isTemplateObject(template) ? own(template, key) : undefined;
    return rewritesAt({ template: inner, sent: own(sent, key), got: own(got, key) }, path + pointer(key), scope);
  });
}

function rewriteOf({ template, sent, got }: Sides, path: Pointer, { spec }: Scope): Rewrite {
  const isSecret = holdsSecret(template, path, spec) || [sent, got].some((value) => holdsSecret(value, path, spec));
  return isSecret ? { pointer: path } : { pointer: path, pair: [digest(sent ?? null), digest(got ?? null)] };
}

function holdsSecret(value: Template | undefined, path: Pointer, spec: KindSpec): boolean {
  if (value === undefined || value === null) return false;
  if (value instanceof Secret || spec.isSecretPath(path)) return true;
  if (isArray<Template>(value)) return value.some((item, index) => holdsSecret(item, path + pointer(index), spec));
  if (!isTemplateObject(value)) return false;
  return Object.entries(value).some(([key, item]) => holdsSecret(item, path + pointer(key), spec));
}

function isTopLevel(path: Pointer): boolean {
  return path !== "" && !path.includes("/", 1);
}

/** At the top of a document an empty value is an absent one, as in a plan. */
function isNothing(value: Json | undefined): boolean {
  if (value === undefined || value === null || value === "") return true;
  if (isArray<Json>(value)) return value.length === 0;
  return isObject(value) && Object.keys(value).length === 0;
}
