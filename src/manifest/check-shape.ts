import { Ajv2020, type ErrorObject, type ValidateFunction } from "ajv/dist/2020.js";
import type { JsonObject } from "../model/json.ts";
import type { Pointer } from "../model/pointer.ts";
import { sayError, type ShapeFault } from "./shape-words.ts";
import { shapes } from "./shapes.ts";

/**
 * `quick` stops at the first error, and is compiled quickly; most manifests have none. `thorough` finds all of them, in
 * time that grows with their number: errors of schemas that are not inlined would be copied again and again.
 */
const OPTIONS = {
  quick: { inlineRefs: false, validateSchema: false, code: { optimize: false } },
  thorough: { allErrors: true, verbose: true, validateSchema: false, code: { optimize: false } },
} as const;

type Thoroughness = keyof typeof OPTIONS;

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
  const shape = shapes[kind];
  if (shape === undefined || validatorOf(kind, shape.schema, "quick")(body)) return [];
  const validate = validatorOf(kind, shape.schema, "thorough");
  validate(body);
  const told = new Set(known);
  const errors = (validate.errors ?? []).filter(
    ({ instancePath }) => !placesAbove(instancePath).some((at) => told.has(at)),
  );
  return withoutBranches(errors).flatMap((error) => sayError(error, body, written));
}

/** Compiled on first use, so that commands that read no manifest start without the cost. */
function validatorOf(kind: string, schema: JsonObject, thoroughness: Thoroughness): ValidateFunction {
  const name = `${thoroughness} ${kind}`;
  const compiled =
    validators.get(name) ??
    new Ajv2020({ strict: false, validateFormats: false, ...OPTIONS[thoroughness] }).compile(schema);
  validators.set(name, compiled);
  return compiled;
}

/**
 * Of an `anyOf` (text or a directive) only the errors of the branch whose type fits say something; where none fits, the
 * `anyOf` itself does. What a directive holds has a check of its own. What is wrong with a `oneOf` is told by itself.
 */
function withoutBranches(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const gone = new Set<ErrorObject>();
  for (const [choice, inside] of errorsByChoice(errors)) {
    const fitting = inside.filter((error) => isOfFittingBranch(error, choice, inside));
    if (fitting.length > 0) gone.add(choice);
    for (const error of inside) if (!fitting.includes(error)) gone.add(error);
  }
  return errors.filter((error) => !gone.has(error));
}

/** What each `anyOf` and `oneOf` has to say about its branches. A document may have very many errors. */
function errorsByChoice(errors: readonly ErrorObject[]): ReadonlyMap<ErrorObject, readonly ErrorObject[]> {
  const choices = errors.filter(({ keyword }) => keyword === "anyOf" || keyword === "oneOf");
  const byPlace = Map.groupBy(choices, ({ instancePath }) => instancePath);
  const inside = new Map<ErrorObject, ErrorObject[]>(choices.map((choice) => [choice, []]));
  for (const error of errors) {
    const around = placesAbove(error.instancePath).flatMap((at) => byPlace.get(at) ?? []);
    for (const choice of around) if (error !== choice && isInside(error, choice)) inside.get(choice)?.push(error);
  }
  return inside;
}

/** Errors of a schema that a branch refers to have paths of their own, so for `anyOf` the place alone decides. */
function isInside(error: ErrorObject, choice: ErrorObject): boolean {
  return choice.keyword === "anyOf" || error.schemaPath.startsWith(`${choice.schemaPath}/`);
}

function isOfFittingBranch(error: ErrorObject, choice: ErrorObject, inside: readonly ErrorObject[]): boolean {
  if (choice.keyword === "oneOf" || !error.schemaPath.startsWith(`${choice.schemaPath}/`)) return false;
  const branch = error.schemaPath.slice(choice.schemaPath.length + 1).split("/")[0] ?? "";
  return !inside.some(({ schemaPath }) => schemaPath === `${choice.schemaPath}/${branch}/type`);
}

/** A place and every place that it is in, itself first. */
function placesAbove(place: Pointer): readonly Pointer[] {
  const places = [place];
  for (let end = place.lastIndexOf("/"); end >= 0; end = end === 0 ? -1 : place.lastIndexOf("/", end - 1)) {
    places.push(place.slice(0, end));
  }
  return places;
}
