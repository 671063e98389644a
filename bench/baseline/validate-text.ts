import { Ajv2020 } from "ajv/dist/2020.js";
import { load } from "js-yaml";
import { schemas } from "../../src/kinds/schemas/index.ts";

const validate = new Ajv2020({ strict: false, allErrors: true }).compile(schemas.App);

/** js-yaml plus ajv and nothing else. */
export function validateText(text: string): boolean {
  return validate(load(text));
}
