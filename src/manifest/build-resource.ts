import { isArray, isObject, type Json, type JsonObject, own } from "../model/json.ts";
import type { Publish, PublishState, Resource, ResourceKey, Visibility } from "../model/resource.ts";
import { resourceKey } from "../model/resource.ts";
import type { DesiredEntry } from "../model/resource.ts";
import type { TemplateObject } from "../model/template.ts";
import type { Manifest } from "./manifest.ts";

/** What was resolved of a manifest. */
interface Parts {
  readonly name: string;
  readonly type: string;
  readonly document: TemplateObject;
  readonly entries: readonly DesiredEntry[] | undefined;
  readonly dependsOn: readonly ResourceKey[];
}

/** One desired resource, out of a manifest whose shape is right. */
export function buildResource(manifest: Manifest, parts: Parts): Resource {
  const { key, kind, spec, body, site } = manifest;
  const { name, type, document, entries, dependsOn } = parts;
  const publish = own(spec, "publish");
  const uuid = textOf(spec, "uuid");
  const takeOver = annotationOf(body, "llmstack.ai/take-over");
  const keepLive = textsOf(own(spec, "driftIgnore"));
  return {
    key,
    kind,
    name,
    type,
    document,
    ...(isObject(publish) && { publish: publishOf(publish) }),
    ...(entries !== undefined && { entries }),
    entriesPolicy: textOf(spec, "entriesPolicy") === "Exclusive" ? "Exclusive" : "Keep",
    deletionPolicy: textOf(spec, "deletionPolicy") === "Orphan" ? "Orphan" : "Delete",
    protect: annotationOf(body, "llmstack.ai/protect") === "true",
    ...(uuid !== undefined && { uuid: uuid.toLowerCase() }),
    movedFrom: textsOf(own(spec, "movedFrom")).map((former) => resourceKey(kind, former)),
    formerSets: textsOf(own(spec, "formerSets")),
    ...(takeOver !== undefined && { takeOver }),
    ...(keepLive.length > 0 && { keepLive }),
    dependsOn,
    origin: site.origin,
  };
}

/** The schema has checked the words; a null equals an absent key. */
function publishOf(publish: JsonObject): Publish {
  const { state, visibility, readers, writers } = publish;
  return {
    ...(typeof state === "string" && { state: state as PublishState }),
    ...(typeof visibility === "string" && { visibility: visibility as Visibility }),
    ...(isArray<Json>(readers) && { readers: textsOf(readers) }),
    ...(isArray<Json>(writers) && { writers: textsOf(writers) }),
  };
}

function annotationOf(body: JsonObject, name: string): string | undefined {
  const metadata = own(body, "metadata");
  const annotations = isObject(metadata) ? metadata["annotations"] : undefined;
  return isObject(annotations) ? textOf(annotations, name) : undefined;
}

function textOf(object: { readonly [key: string]: unknown }, key: string): string | undefined {
  const value = own(object, key);
  return typeof value === "string" ? value : undefined;
}

function textsOf(value: Json | undefined): readonly string[] {
  return isArray<Json>(value) ? value.filter((item) => typeof item === "string") : [];
}
