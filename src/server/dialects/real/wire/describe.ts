import { ok, serverError } from "./answers.ts";
import type { RealRoute, Verb } from "./view.ts";

const VERBS: readonly Verb[] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/**
 * Every verb that a route seems to take: those it was made for and those of its class (llmstack-server.md 2.1). HEAD
 * only where GET was meant.
 */
export function allowedVerbs({ actions, view }: RealRoute): readonly string[] {
  const verbs = VERBS.filter((verb) => actions[verb] !== undefined || view.methods[verb] !== undefined);
  return [...verbs, ...(actions.GET === undefined ? [] : ["HEAD"]), "OPTIONS"];
}

/** What OPTIONS answers: the class by name and what it parses, without a side effect (llmstack-server.md 6.4). */
export function describe(route: RealRoute): Response {
  if (route.describe === "fails") return serverError();
  const { name, parses, fields } = route.view;
  const writes = allowedVerbs(route).includes("POST") && fields !== undefined;
  return ok({
    name,
    description: "",
    renders: ["application/json"],
    parses,
    ...(writes && { actions: { POST: Object.fromEntries(fields.map((field) => [field, describeField(field)])) } }),
  });
}

function describeField(field: string): { readonly [key: string]: string | boolean } {
  return { type: "field", required: false, read_only: field !== "name", label: field.replaceAll("_", " ") };
}
