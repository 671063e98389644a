import { Ajv2020, type ErrorObject, type ValidateFunction } from "ajv/dist/2020.js";
import type { JsonObject } from "../model/json.ts";
import type { Pointer } from "../model/pointer.ts";
import { sayError, type ShapeFault } from "./shape-words.ts";
import { shapes } from "./shapes.ts";

const validators = new Map<string, ValidateFunction>();

/** Everything in a manifest that its kind's JSON Schema does not allow; places at or below `known` are left out. */
export function checkShape(kind: string, body: JsonObject, known: readonly Pointer[]): readonly ShapeFault[] {
  const validate = validatorOf(kind);
  if (validate === undefined || validate(body)) return [];
  const errors = (validate.errors ?? []).filter(({ instancePath }) => !known.some((at) => isWithin(instancePath, at)));
  return withoutBranches(errors).flatMap((error) => sayError(error, body));
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
  return new Ajv2020({ allErrors: true, verbose: true, strict: false, validateFormats: false }).compile(schema);
}

/**
 * Of an `anyOf` only the errors of the branch whose type fits say something; where none fits, the `anyOf` itself does.
 * What is wrong inside `oneOf` branches is told by the `oneOf`.
 */
function withoutBranches(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const choices = errors.filter(({ keyword }) => keyword === "anyOf" || keyword === "oneOf");
  if (choices.length === 0) return errors;
  const gone = new Set<ErrorObject>();
  for (const choice of choices) {
    const inside = errors.filter((error) => isInside(error, choice));
    const fitting =
      choice.keyword === "anyOf" ? inside.filter((error) => isOfFittingBranch(error, choice, inside)) : [];
    if (fitting.length > 0) gone.add(choice);
    for (const error of inside) if (!fitting.includes(error)) gone.add(error);
  }
  return errors.filter((error) => !gone.has(error));
}

function isInside(error: ErrorObject, choice: ErrorObject): boolean {
  return error.schemaPath.startsWith(`${choice.schemaPath}/`) && isWithin(error.instancePath, choice.instancePath);
}

function isOfFittingBranch(error: ErrorObject, choice: ErrorObject, inside: readonly ErrorObject[]): boolean {
  const branch = branchOf(error, choice);
  return !inside.some(
    ({ keyword, instancePath, ...other }) =>
      keyword === "type" && instancePath === choice.instancePath && branchOf(other, choice) === branch,
  );
}

function branchOf({ schemaPath }: Pick<ErrorObject, "schemaPath">, choice: ErrorObject): string {
  return schemaPath.slice(choice.schemaPath.length + 1).split("/")[0] ?? "";
}

function isWithin(path: Pointer, outer: Pointer): boolean {
  return path === outer || path.startsWith(`${outer}/`);
}
