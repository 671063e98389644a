import type { DialectRules } from "../../model/dialect.ts";
import { isArray, isObject, type JsonObject } from "../../model/json.ts";
import type { KindSpec } from "../../model/kind.ts";
import type { LiveResource } from "../../model/live.ts";
import { asWritten } from "./as-written.ts";
import type { ExportKey } from "./export-keys.ts";
import { exportReferences } from "./export-references.ts";
import { mayBeSecret, type NeededVariable, type variableNames } from "./needed-variables.ts";
import { isLongText, isSideFilePlace, type sideFileNames } from "./side-files.ts";
import { writeDocument } from "./write-document.ts";

/** What documents of one export share: names that are given out once. */
export interface Naming {
  readonly keys: ReadonlyMap<string, ExportKey>;
  readonly variableName: ReturnType<typeof variableNames>;
  readonly sideFileName: ReturnType<typeof sideFileNames>;
}

interface ExportedDocument {
  readonly document: JsonObject;
  /** By path from the manifest. */
  readonly sideFiles: ReadonlyMap<string, string>;
  readonly variables: readonly NeededVariable[];
}

/** A live document with directives: references by key, known secrets as variables, long texts in files of their own. */
export function exportDocument(
  kind: KindSpec,
  { key, name }: ExportKey,
  resource: LiveResource,
  { keys, variableName, sideFileName }: Naming,
  rules: DialectRules,
): ExportedDocument {
  const sideFiles = new Map<string, string>();
  const variables: NeededVariable[] = [];
  const found = exportReferences(kind, resource.document, keys, rules);
  const { document: live, references } = asWritten(kind, resource, found, rules);
  const idOf = (index: string): string => processorId(live, index);
  const document = writeDocument(live, (value, at) => {
    const reference = references.get(at);
    if (reference !== undefined) return { $ref: reference.target };
    if (kind.isSecretPath(at) && mayBeSecret(value)) {
      const variable = { name: variableName(name, at, live), key, pointer: at };
      variables.push(variable);
      return { $env: variable.name };
    }
    if (typeof value !== "string" || !isSideFilePlace(at) || !isLongText(value)) return undefined;
    const path = `prompts/${sideFileName(name, at, idOf)}`;
    sideFiles.set(path, value);
    return { $file: path };
  });
  return { document, sideFiles, variables };
}

function processorId(document: JsonObject, index: string): string {
  const processors = document["processors"];
  const item: unknown = isArray<unknown>(processors) ? processors[Number(index)] : undefined;
  const id = isObject(item) ? item["id"] : undefined;
  return typeof id === "string" ? id : index;
}
