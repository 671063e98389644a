import type { Json } from "../model/json.ts";
import type {
  DesiredEntry,
  EntryBody,
  FileBody,
  Origin,
  Publish,
  PublishState,
  Resource,
  ResourceKey,
  Visibility,
} from "../model/resource.ts";
import { isTemplateObject, Secret, type Template } from "../model/template.ts";
import {
  asFlag,
  asList,
  asNumber,
  asObject,
  asOneOf,
  asOptional,
  asText,
  isAbsent,
  member,
  type Node,
  wrong,
} from "./decode.ts";
import { keyFromMark } from "./scope.ts";

/** What a plan file does not carry itself. */
export interface SavedPlanInputs {
  /** The inverse of `symbolic` for a value of this kind's document; throws SyncError when a secret is missing. */
  parseTemplate(value: Json, kind: string): Template;
  /** The file of an entry, whose digest is checked when it is read. */
  openFile(file: Omit<FileBody, "read">): FileBody;
}

export interface SavedResource {
  readonly resource: Resource;
  /** A literal secret was left out of its document. */
  readonly isUnsavable: boolean;
}

/** Throws SyncError `invalid_manifest` that names the place when this is no resource of a plan file. */
export function parseSavedResource(node: Node, inputs: SavedPlanInputs): SavedResource {
  const kind = asText(member(node, "kind"));
  const documentNode = member(node, "document");
  const document = inputs.parseTemplate(asObject(documentNode), kind);
  if (!isTemplateObject(document)) return wrong(documentNode, "a document");
  const entries = asOptional(member(node, "entries"), (list) =>
    asList(list, (entry) => parseEntry(entry, kind, inputs)),
  );
  return {
    resource: {
      key: asKey(member(node, "key")),
      kind,
      name: asText(member(node, "name")),
      type: asText(member(node, "type")),
      document,
      ...(entries !== undefined && { entries }),
      ...parsePublish(member(node, "publish")),
      entriesPolicy: asOneOf(member(node, "entriesPolicy"), ["Keep", "Exclusive"]),
      deletionPolicy: asOneOf(member(node, "deletionPolicy"), ["Delete", "Orphan"]),
      protect: asFlag(member(node, "protect")),
      ...optionalText(node, "uuid"),
      ...optionalText(node, "takeOver"),
      ...(!isAbsent(member(node, "keepLive")) && { keepLive: asList(member(node, "keepLive"), asText) }),
      movedFrom: asList(member(node, "movedFrom"), asKey),
      formerSets: asList(member(node, "formerSets"), asText),
      dependsOn: asList(member(node, "dependsOn"), asKey),
      ...parseOrigin(member(node, "origin")),
    },
    isUnsavable: !isAbsent(member(node, "literalSecrets")),
  };
}

export function asKey(node: Node): ResourceKey {
  const text = asText(node);
  return text.includes("/") ? keyFromMark(text) : wrong(node, "a key (Kind/name)");
}

function optionalText<Key extends string>(node: Node, key: Key): { readonly [K in Key]?: string } {
  const text = asOptional(member(node, key), asText);
  const found: { [K in Key]?: string } = {};
  if (text !== undefined) found[key] = text;
  return found;
}

function parsePublish(node: Node): Pick<Resource, "publish"> {
  if (isAbsent(node)) return {};
  const state = asOptional(member(node, "state"), (value) =>
    asOneOf<PublishState>(value, ["Published", "Unpublished"]),
  );
  const visibility = asOptional(member(node, "visibility"), (value) =>
    asOneOf<Visibility>(value, ["private", "organization", "unlisted", "public"]),
  );
  const [readers, writers] = ["readers", "writers"].map((name) =>
    asOptional(member(node, name), (list) => asList(list, asText)),
  );
  const publish: Publish = {
    ...(state !== undefined && { state }),
    ...(visibility !== undefined && { visibility }),
    ...(readers !== undefined && { readers }),
    ...(writers !== undefined && { writers }),
  };
  return { publish };
}

function parseEntry(node: Node, kind: string, inputs: SavedPlanInputs): DesiredEntry {
  return {
    name: asText(member(node, "name")),
    body: parseBody(member(node, "body"), kind, inputs),
    metadata: asObject(member(node, "metadata")),
    sha256: asText(member(node, "sha256")),
    ...parseOrigin(member(node, "origin")),
  };
}

function parseBody(node: Node, kind: string, inputs: SavedPlanInputs): EntryBody {
  const form = asOneOf(member(node, "kind"), ["content", "url", "file"]);
  if (form !== "file") {
    const valueNode = member(node, "value");
    const value =
      typeof valueNode.value === "string" ? valueNode.value : inputs.parseTemplate(asObject(valueNode), kind);
    return typeof value === "string" || value instanceof Secret ? { kind: form, value } : wrong(valueNode, "a text");
  }
  const file = inputs.openFile({
    path: asText(member(node, "path")),
    fileName: asText(member(node, "fileName")),
    size: asNumber(member(node, "size")),
    sha256: asText(member(node, "sha256")),
  });
  return { kind: "file", file };
}

function parseOrigin(node: Node): { readonly origin?: Origin } {
  if (isAbsent(node)) return {};
  const [line, column] = [asNumber(member(node, "line")), asNumber(member(node, "column"))];
  return { origin: { path: asText(member(node, "path")), line, column } };
}
