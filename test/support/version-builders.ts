import { formatReference, parseReference } from "../../src/client/dialects/real/references.ts";
import { docRules } from "../../src/client/dialects/doc/rules.ts";
import type { DialectRules } from "../../src/model/dialect.ts";
import { isJsonObject, type Json, type JsonObject } from "../../src/model/json.ts";
import type { AppVersion, AppVersions, LiveResource } from "../../src/model/live.ts";
import type { Mark } from "../../src/model/mark.ts";
import type { Plan } from "../../src/model/plan.ts";
import type { Resource } from "../../src/model/resource.ts";
import { Reference, type TemplateObject } from "../../src/model/template.ts";
import { resourceKey } from "../../src/model/resource.ts";
import { versionComment } from "../../src/model/version-comment.ts";
import { makePlan } from "../../src/plan/make-plan.ts";
import { type ReadsNeeded, readsNeeded } from "../../src/plan/reads-needed.ts";
import { anApp, liveFrom, planInput, uuid } from "./plan-builders.ts";

/** Servers that keep drafts, and make a new version of every write. */
export const versionedRules: DialectRules = {
  ...docRules,
  name: "with-versions",
  capabilities: {
    ...docRules.capabilities,
    versions: true,
    mintsVersions: true,
    kinds: {
      ...docRules.capabilities.kinds,
      App: { mark: "mutable", fixed: ["/type_slug"], unsupported: [], unclearable: [] },
    },
  },
  formatReference,
  parseReference,
};

/** The same, but a write goes over the version that runs. */
export const overwritingRules: DialectRules = {
  ...versionedRules,
  capabilities: { ...versionedRules.capabilities, mintsVersions: false },
};

/** An app as a list shows it: version 3 of it, which runs. */
export function runningApp(resource: Resource, id: string, parts: Partial<LiveResource> = {}): LiveResource {
  return liveFrom(resource, id, { publishedUuid: uuid(900), hasLiveVersion: true, version: 3, ...parts });
}

/** What is known once its versions were looked at: what the list shows is what runs, and we wrote it last. */
export function versionsOf(live: LiveResource, parts: Partial<AppVersions> = {}): AppVersions {
  const comment = live.mark === undefined ? "" : versionComment(live.mark);
  const running = aVersion(live.version ?? 3, live.document, live.mark, comment);
  return { live: running, newestComment: comment, comments: [comment], ...parts };
}

export function aVersion(version: number, document: JsonObject, mark?: Mark, comment = ""): AppVersion {
  return { version, document, comment, ...(mark !== undefined && { mark }) };
}

type World = Parameters<typeof planInput>[0] & {
  /** By uuid. */
  readonly versions?: Readonly<Record<string, AppVersions>>;
  readonly connections?: Readonly<Record<string, readonly string[]>>;
};

function inputOf(world: World): ReturnType<typeof planInput> {
  const input = planInput({ rules: versionedRules, ...world });
  return {
    ...input,
    live: {
      ...input.live,
      ...(world.versions !== undefined && { versions: new Map(Object.entries(world.versions)) }),
      ...(world.connections !== undefined && { connections: new Map(Object.entries(world.connections)) }),
    },
  };
}

export function planVersioned(world: World): Plan {
  return makePlan(inputOf(world));
}

export function readsOf(world: World, reads: "where-needed" | "everywhere" = "where-needed"): ReadsNeeded {
  return readsNeeded(inputOf(world), reads);
}

/** An app whose one processor calls another. */
export function callerOf(name: string, callee: string, parts: Partial<Resource> = {}): Resource {
  return anApp(name, { ...parts, document: calling(new Reference(resourceKey("App", callee), "app")) });
}

function calling(target: Reference): TemplateObject {
  return {
    processors: [
      { id: "_inputs1", provider_slug: "promptly", processor_slug: "promptly_app", config: { promptly_app: target } },
    ],
  };
}

/** The same as it stands live, where the reference is this JSON text. */
export function liveCaller(resource: Resource, id: string, wire: Json): LiveResource {
  const [processor] = resource.document["processors"] as readonly JsonObject[];
  const document = { ...resource.document, processors: [{ ...processor, config: { promptly_app: wire } }] };
  if (!isJsonObject(document)) throw new Error("has more references");
  const { document: _, ...rest } = resource;
  return runningApp({ ...rest, document: {} }, id, { ...runningAppMark(resource, id), document });
}

function runningAppMark(resource: Resource, id: string): Pick<LiveResource, "mark"> {
  // `liveFrom` copies the document, which holds a reference here: only the mark is taken from it.
  const { mark } = liveFrom({ ...resource, document: resource.document }, id, { document: {} });
  return mark === undefined ? {} : { mark };
}
