import type { KubeObject } from "../../kube/kube-object.ts";
import { SyncError } from "../../model/errors.ts";
import { isJsonObject, isObject, type JsonObject } from "../../model/json.ts";
import type { Source, SourceFile } from "../../model/source.ts";

/**
 * Objects of a cluster as the manifests of a run, each a file of its own (`App/support-bot`): the engine reads them as it
 * reads files of a person. There is nothing beside them.
 */
export function clusterSource(label: string, objects: readonly KubeObject[], values: readonly JsonObject[]): Source {
  const files = [...objects.map(documentOf), ...values]
    .map((document) => fileOf(document))
    .toSorted((a, b) => (a.path < b.path ? -1 : 1));
  return {
    label,
    files,
    unread: [],
    glob: async () => [],
    open: async (_root, path) => {
      throw new SyncError("not_found", `there are no files in a cluster, so no ${path}`);
    },
  };
}

/** Where the problems of an object are told. */
export function pathOf(kind: string, name: string): string {
  return `${kind}/${name}`;
}

/** Only what a person wrote: names, annotations and spec. The namespace is one for all and says nothing. */
function documentOf({ apiVersion, kind, metadata, spec }: KubeObject): JsonObject {
  const { name, annotations } = metadata;
  const ours = isJsonObject(annotations)
    ? Object.fromEntries(Object.entries(annotations).filter(([key]) => READ_BY_ENGINE.has(key)))
    : {};
  return { apiVersion, kind, metadata: { name, annotations: ours }, spec: isJsonObject(spec) ? spec : {} };
}

const READ_BY_ENGINE = new Set(["llmstack.ai/protect", "llmstack.ai/take-over"]);

/** A document of the cluster as a file of a source. */
export function fileOf(document: JsonObject): SourceFile {
  const { kind, metadata } = document;
  const name = isObject(metadata) ? metadata["name"] : undefined;
  const path = typeof kind === "string" && typeof name === "string" ? pathOf(kind, name) : "";
  return { path, text: "", documents: [document], root: "", directory: "" };
}
