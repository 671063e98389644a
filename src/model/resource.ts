import type { JsonObject } from "./json.ts";
import type { Pointer } from "./pointer.ts";
import type { Secret, TemplateObject } from "./template.ts";

/** `Kind/name`, stable for the life of a resource: the kind and metadata.name of its manifest. */
export type ResourceKey = string & { readonly __brand: "ResourceKey" };

export function resourceKey(kind: string, name: string): ResourceKey {
  return `${kind}/${name}` as ResourceKey;
}

/** Where something was written: path as the user gave it, 1-based line and column. */
export interface Origin {
  readonly path: string;
  readonly line: number;
  readonly column: number;
}

/** One thing a manifest asks for, whatever its kind. `document` is what is compared with the live document. */
export interface Resource {
  readonly key: ResourceKey;
  readonly kind: string;
  /** The display name on the server; not unique there. */
  readonly name: string;
  /** The type slug. */
  readonly type: string;
  /** App: the definition. Datasource: name, type and, where stated, pipeline. */
  readonly document: TemplateObject;
  readonly publish?: Publish;
  /** Absent: entries are left alone. Empty: none are wanted. */
  readonly entries?: readonly DesiredEntry[];
  readonly entriesPolicy: "Keep" | "Exclusive";
  readonly deletionPolicy: "Delete" | "Orphan";
  /** Annotation llmstack.ai/protect. */
  readonly protect: boolean;
  /** spec.uuid: the live object this manifest names outright. */
  readonly uuid?: string;
  /** spec.movedFrom: keys (metadata.name only) that this resource had before. */
  readonly movedFrom: readonly ResourceKey[];
  /** spec.formerSets: sets whose mark is accepted where marks are fixed. */
  readonly formerSets: readonly string[];
  /** Annotation llmstack.ai/take-over: a set whose mark may be replaced by ours. */
  readonly takeOver?: string;
  /** spec.driftIgnore: places of the document that are neither compared nor written over once the object is there. */
  readonly keepLive?: readonly Pointer[];
  /** What must exist before this one, from `$ref`. */
  readonly dependsOn: readonly ResourceKey[];
  /** Absent for what did not come from a file (a saved plan). */
  readonly origin?: Origin;
}

export type PublishState = "Published" | "Unpublished";
export type Visibility = "private" | "organization" | "unlisted" | "public";

/** Who may see an app. A field that is absent is left as it is. */
export interface Publish {
  readonly state?: PublishState;
  readonly visibility?: Visibility;
  readonly readers?: readonly string[];
  readonly writers?: readonly string[];
}

/** One entry of a datasource. Its name is its key within the datasource. */
export interface DesiredEntry {
  readonly name: string;
  readonly body: EntryBody;
  readonly metadata: JsonObject;
  /** Digest of name, body and metadata; secrets count by their source. Equal digests are never uploaded again. */
  readonly sha256: string;
  readonly origin?: Origin;
}

export type EntryBody =
  | { readonly kind: "content"; readonly value: string | Secret }
  | { readonly kind: "url"; readonly value: string | Secret }
  | { readonly kind: "file"; readonly file: FileBody };

/** Bytes that are read only when they are sent. `path` is relative to the manifest root. */
export interface FileBody {
  readonly path: string;
  /** The last part of the path, sent as the file's name. */
  readonly fileName: string;
  readonly size: number;
  readonly sha256: string;
  /** Reads the file anew, piece by piece; throws when its digest is no longer `sha256`. */
  read(): AsyncIterable<Uint8Array>;
}

export type DesiredState = ReadonlyMap<ResourceKey, Resource>;
