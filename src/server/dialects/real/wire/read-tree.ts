import { createHash } from "node:crypto";
import type { Body } from "../../../body/read-body.ts";
import { readBytes } from "../../../body/read-body.ts";
import { isArray } from "../../../../model/json.ts";
import { Refusal } from "../../../refusal.ts";
import { Answered, badRequestPage, crash, detail } from "./answers.ts";
import type { View } from "./view.ts";
import { isTreeObject, parseTree, type Tree, type TreeObject, writeTree } from "./tree.ts";

export const JSON_TYPE = "application/json";
export const FORM_TYPE = "application/x-www-form-urlencoded";
export const MULTIPART_TYPE = "multipart/form-data";
export const YAML_TYPE = "application/yaml";

/**
 * Reads a body as the parsers of a view do (llmstack-server.md 2.2): no parser is 415, unreadable is 400. Views ask it for
 * keys, so that what is no object is 500, but for a list where they first look whether a key is in it. An empty body is
 * an empty object, whatever its type.
 */
export async function readTree(
  request: Request,
  { parses, lists = "fail" }: Pick<View, "parses" | "lists">,
  note: (body: Body) => void,
): Promise<TreeObject> {
  const bytes = await readBytes(request).catch((error: unknown) => {
    throw error instanceof Refusal ? new Answered(badRequestPage()) : error;
  });
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const tree = bytes.length === 0 ? {} : await parse(bytes, parserOf(request, parses), request);
  note({ value: asJournal(tree), bytes: bytes.length, sha256 });
  if (isTreeObject(tree)) return tree;
  if (lists === "hold-no-key" && isArray<Tree>(tree)) return {};
  throw crash();
}

/** In any case and with parameters; other YAML types have no parser. */
function parserOf(request: Request, parses: readonly string[]): string {
  const given = request.headers.get("content-type") ?? "";
  const essence = given.split(";")[0]?.trim().toLowerCase();
  const found = parses.find((type) => type === essence);
  if (found === undefined) throw new Answered(detail(415, `Unsupported media type "${given}" in request.`));
  return found;
}

async function parse(bytes: Uint8Array, type: string, request: Request): Promise<Tree> {
  if (type === MULTIPART_TYPE) return fromMultipart(bytes, request);
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  if (type === FORM_TYPE) return Object.fromEntries(new URLSearchParams(text));
  if (type === YAML_TYPE) {
    // Loaded for the first YAML body only.
    const { readYamlTree } = await import("./read-yaml-tree.ts");
    return readYamlTree(text);
  }
  try {
    return parseTree(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new Answered(detail(400, `JSON parse error - ${error.message}`));
  }
}

async function fromMultipart(bytes: Uint8Array, request: Request): Promise<Tree> {
  const headers = { "content-type": request.headers.get("content-type") ?? "" };
  try {
    const form = await new Response(new Uint8Array(bytes), { headers }).formData();
    return Object.fromEntries([...form].map(([key, value]) => [key, typeof value === "string" ? value : value.name]));
  } catch (error) {
    throw new Answered(detail(400, `Multipart form parse error - ${error instanceof Error ? error.message : "?"}`));
  }
}

/** The journal shows bodies as plain JSON. */
function asJournal(tree: Tree): Body["value"] {
  const value: unknown = JSON.parse(writeTree(tree));
  return isTreeObject(value) ? (value as Body["value"]) : {};
}
