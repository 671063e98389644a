import { defineScalarTag, floatYaml11Tag, NOT_RESOLVED, timestampTag } from "js-yaml";
import { isArray } from "../../../../model/json.ts";
import { constructDocument } from "../../../body/read-yaml.ts";
import { DATE, FLOAT, PYYAML_SCHEMA } from "../../../body/yaml-tags.ts";
import { Answered, crash, detail } from "./answers.ts";
import { Exact, isTreeObject, numberOf, type Tree, type TreeObject, Unstorable } from "./tree.ts";

/** PyYAML's reading with what JSON has no word for: floats stay floats, dates are kept until something is stored. */
const SCHEMA = PYYAML_SCHEMA.withTags(
  defineScalarTag<Tree>("tag:yaml.org,2002:float", {
    ...floatYaml11Tag,
    resolve: (source, isExplicit, tag) => {
      if (!FLOAT.test(source) && !/^[-+]?\.(?:inf|nan)$/iu.test(source)) return NOT_RESOLVED;
      const value = floatYaml11Tag.resolve(source, isExplicit, tag);
      return typeof value === "number" ? pythonFloat(value) : NOT_RESOLVED;
    },
  }),
  defineScalarTag<Tree>("tag:yaml.org,2002:timestamp", {
    ...timestampTag,
    resolve: (source, isExplicit) => (isExplicit || DATE.test(source) ? new Unstorable(source) : NOT_RESOLVED),
    identify: () => false,
  }),
);

/** What PyYAML's scanner, composer and constructor raise, and the parser behind the API does not catch. */
const NOT_CAUGHT =
  /tab|alias|tag|quoted|escape|anchor|directive|mapping values|colon|multiline|several lines|printable/iu;

/** Reads YAML 1.1 as the server does (llmstack-server.md 2.2). Throws Answered: 400, or 500 where nobody catches it. */
export function readYamlTree(text: string): Tree {
  const tree = construct(text);
  if (isTreeObject(tree)) return tree;
  throw new Answered(detail(400, `Expected dict, got <class '${pythonType(tree)}'>`));
}

function construct(text: string): Tree {
  try {
    return toTree(constructDocument(text, SCHEMA), 0);
  } catch (error) {
    if (!(error instanceof Error) || (error.name !== "YAMLException" && !(error instanceof SyntaxError))) throw error;
    if (NOT_CAUGHT.test(error.message)) throw crash();
    throw new Answered(detail(400, `YAML parse error - ${error.message}`));
  }
}

function pythonFloat(value: number): Tree {
  if (!Number.isFinite(value)) return new Unstorable(String(value));
  return Number.isInteger(value) ? numberOf(value.toExponential()) : value;
}

function toTree(value: unknown, depth: number): Tree {
  if (depth > 256) throw crash();
  if (value === null || value === undefined) return null;
  if (value instanceof Exact || value instanceof Unstorable) return value;
  if (isArray<unknown>(value)) return value.map((item) => toTree(item, depth + 1));
  if (typeof value !== "object") return value as Tree;
  const entries = Object.entries(value).map(([key, item]) => [key, toTree(item, depth + 1)] as const);
  return Object.fromEntries(entries) satisfies TreeObject;
}

function pythonType(tree: Tree): string {
  if (tree === null) return "NoneType";
  if (isArray<Tree>(tree)) return "list";
  return typeof tree === "string" ? "str" : "int";
}
