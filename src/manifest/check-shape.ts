import { Ajv2020, type ErrorObject, type ValidateFunction } from "ajv/dist/2020.js";
import type { JsonObject } from "../model/json.ts";
import type { Pointer } from "../model/pointer.ts";
import { sayError, type ShapeFault } from "./shape-words.ts";
import { shapes } from "./shapes.ts";

const validators = new Map<string, ValidateFunction>();

/**
 * Everything in a manifest that its kind's JSON Schema does not allow; places at or below `known` are left
 * out, and `written` says where a place stands in the document that people see.
 */
export function checkShape(
  kind: string,
  body: JsonObject,
  known: readonly Pointer[],
  written: (pointer: Pointer) => Pointer,
): readonly ShapeFault[] {
  const validate = validatorOf(kind);
  if (validate === undefined || validate(body)) return [];
  const errors = (validate.errors ?? []).filter(({ instancePath }) => !known.some((at) => isWithin(instancePath, at)));
  return withoutBranches(errors).flatMap((error) => sayError(error, body, written));
}

/** Compiled on first use, so that commands that read no manifest start without the cost. */
function validatorOf(kind: string): ValidateFunction | undefined {
  const shape = shapes[kind];
  if (shape === undefined) return undefined;
  const compiled = validators.get(kind) ?? compile(shape.schema);
  validators.set(kind, compiled);
  return compiled;
}

function compile(schema: JsonObject): ValidateFunction {
  // The schema is ours and tested, so it is compiled the quick way: a run has few manifests or many, but one compilation.
  const quick = { inlineRefs: false, validateSchema: false, code: { optimize: false } };
  return new Ajv2020({ allErrors: true, verbose: true, strict: false, validateFormats: false, ...quick }).compile(
    schema,
  );
}

/**
 * Of an `anyOf` (text or a directive) only the errors of the branch whose type fits say something; where none fits, the
 * `anyOf` itself does. What a directive holds has a check of its own. What is wrong with a `oneOf` is told by itself.
 */
function withoutBranches(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const choices = errors.filter(({ keyword }) => keyword === "anyOf" || keyword === "oneOf");
  const gone = new Set<ErrorObject>();
  for (const choice of choices) {
    const inside = errors.filter((error) => error !== choice && isInside(error, choice));
    const fitting = inside.filter((error) => isOfFittingBranch(error, choice, inside));
    if (fitting.length > 0) gone.add(choice);
    for (const error of inside) if (!fitting.includes(error)) gone.add(error);
  }
  return errors.filter((error) => !gone.has(error));
}

/** Errors of a schema that a branch refers to have paths of their own, so for `anyOf` the place alone decides. */
function isInside(error: ErrorObject, choice: ErrorObject): boolean {
  const isBranch = choice.keyword === "anyOf" || error.schemaPath.startsWith(`${choice.schemaPath}/`);
  return isBranch && isWithin(error.instancePath, choice.instancePath);
}

function isOfFittingBranch(error: ErrorObject, choice: ErrorObject, inside: readonly ErrorObject[]): boolean {
  if (choice.keyword === "oneOf" || !error.schemaPath.startsWith(`${choice.schemaPath}/`)) return false;
  const branch = error.schemaPath.slice(choice.schemaPath.length + 1).split("/")[0] ?? "";
  return !inside.some(({ schemaPath }) => schemaPath === `${choice.schemaPath}/${branch}/type`);
}

function isWithin(path: Pointer, outer: Pointer): boolean {
  return path === outer || path.startsWith(`${outer}/`);
}
