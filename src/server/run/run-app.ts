import { isArray, isObject, type Json, type JsonObject } from "../../model/json.ts";
import { unreadable } from "../refusal.ts";
import { loadTemplates, type Templates } from "./liquid.ts";
import { agentReply, standIn } from "./processors.ts";

export interface AppRun {
  readonly definition: JsonObject;
  readonly input: JsonObject;
  readonly earlierRuns: number;
  readonly entryNames: (datasource: string) => readonly string[];
}

interface Processor {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly input: JsonObject;
  readonly config: JsonObject;
}

/** Names that LLMStack keeps for itself (llmstack-server.md 4.5). */
const RESERVED = new Set(["_inputs0", "input", "output", "agent", "coordinator"]);
const AGENTS = new Set<Json | undefined>(["agent", "voice-agent"]);

/**
 * Runs an app with stand-in processors: same definition, input and history, same output. The output is the rendered
 * `output_template.markdown`, or every processor's output by id where there is none. Throws Refusal for an app that
 * cannot run.
 */
export async function runApp(run: AppRun): Promise<Json> {
  const templates = await loadTemplates();
  const processors = readProcessors(run.definition);
  const scope = AGENTS.has(run.definition["type_slug"])
    ? answerAsAgent(run, processors)
    : runInOrder(run, inOrder(processors, templates), templates);
  const markdown = objectAt(run.definition, "output_template")["markdown"];
  if (typeof markdown === "string" && markdown !== "") return templates.render(markdown, scope, "output_template");
  const { _inputs0: _input, ...outputs } = scope;
  return outputs;
}

function runInOrder(run: AppRun, processors: readonly Processor[], templates: Templates): JsonObject {
  const outputs = new Map<string, Json>([["_inputs0", run.input]]);
  for (const { id, slug, input, config } of processors) {
    const scope = Object.fromEntries(outputs);
    const output = standIn({
      slug,
      input: asObject(templates.render(input, scope, `${id}.input`)),
      config: asObject(templates.render(config, scope, `${id}.config`)),
      earlierRuns: run.earlierRuns,
      entryNames: run.entryNames,
    });
    outputs.set(id, output);
  }
  return Object.fromEntries(outputs);
}

/** An agent decides for itself which tools to use; the stand-in only says which it has. */
function answerAsAgent(run: AppRun, processors: readonly Processor[]): JsonObject {
  const { definition, input, earlierRuns, entryNames } = run;
  const call = { slug: "agent", input, config: objectAt(definition, "config"), earlierRuns, entryNames };
  const content = agentReply(
    call,
    processors.map(({ name }) => name),
  );
  return { _inputs0: input, agent: { content } };
}

function readProcessors({ processors = [] }: JsonObject): readonly Processor[] {
  const ids = new Set<string>(RESERVED);
  return (isArray<Json>(processors) ? processors : []).map((value, index) => {
    const processor = asObject(value);
    const { id, provider_slug: provider, processor_slug: slug, name } = processor;
    if (typeof id !== "string" || id === "") throw unreadable(`Processor ${index} has no id.`);
    if (ids.has(id)) throw unreadable(`The processor id ${id} is reserved or used twice.`);
    ids.add(id);
    return {
      id,
      slug: `${asText(provider)}/${asText(slug)}`,
      name: typeof name === "string" ? name : asText(slug),
      input: objectAt(processor, "input"),
      config: objectAt(processor, "config"),
    };
  });
}

/** Each processor after those that its templates read; otherwise as written. */
function inOrder(processors: readonly Processor[], templates: Templates): readonly Processor[] {
  const needs = new Map(
    processors.map(({ id, input, config }) => [id, templates.variables([input, config], id)] as const),
  );
  const ordered: Processor[] = [];
  let waiting = processors;
  while (waiting.length > 0) {
    const ids = new Set(waiting.map(({ id }) => id));
    const ready = waiting.find(({ id }) => !needs.get(id)?.some((name) => ids.has(name)));
    if (ready === undefined) throw unreadable(`The processors ${[...ids].join(", ")} wait for one another.`);
    ordered.push(ready);
    waiting = waiting.filter((processor) => processor !== ready);
  }
  return ordered;
}

function objectAt(object: JsonObject, key: string): JsonObject {
  return asObject(object[key]);
}

function asText(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}

function asObject(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}
