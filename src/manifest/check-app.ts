import { isArray, isObject, type Json, own } from "../model/json.ts";
import { pointer } from "../model/pointer.ts";
import type { Problem } from "../model/problem.ts";
import type { TemplateObject } from "../model/template.ts";
import { checkTemplates } from "./check-templates.ts";
import type { Manifest } from "./manifest.ts";
import { placeName, problemAt } from "./site.ts";

/** Names that LLMStack gives to values of its own (llmstack-server.md 4.5). */
const RESERVED = new Set(["_inputs0", "input", "output", "agent", "coordinator"]);

/** What a server would accept of an app and then fail on: ids of processors, and templates that name none of them. */
export function checkApp(manifest: Manifest, definition: TemplateObject): readonly Problem[] {
  const { site, spec } = manifest;
  const written = own(spec, "definition");
  const processors = isObject(written) ? written["processors"] : undefined;
  const ids = new Map<string, number>();
  const problems = (isArray<Json>(processors) ? processors : []).flatMap((processor, index): readonly Problem[] => {
    const id = isObject(processor) ? processor["id"] : undefined;
    if (typeof id !== "string") return [];
    const at = pointer("spec", "definition", "processors", index, "id");
    const first = ids.get(id);
    if (first === undefined) ids.set(id, index);
    else {
      const { line } = site.find(pointer("spec", "definition", "processors", first, "id"), "value");
      const message = `two processors have the id ${id}, first at ${placeName({ path: site.path, line })}`;
      return [problemAt(site, at, { code: "app/duplicate-processor", message })];
    }
    if (!RESERVED.has(id)) return [];
    const message = `the id ${id} is taken by LLMStack itself; use _inputs${index + 1}, for one`;
    return [problemAt(site, at, { code: "app/reserved-processor", message })];
  });
  return [...problems, ...checkTemplates(manifest, definition, ids.keys())];
}
