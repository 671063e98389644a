import type { Json, JsonObject } from "../model/json.ts";
import { pointer } from "../model/pointer.ts";
import { API_VERSION } from "./api-version.ts";
import { keyLabel } from "./key-label.ts";
import type { Moves } from "./site.ts";

/** An LLMStack document as people have it, turned into one of our manifests. */
export interface Converted {
  readonly kind: string;
  readonly body: JsonObject;
  /** Where the parts of `body` stand in the document. */
  readonly moves: Moves;
  /** Keys that were left out, as written. */
  readonly dropped: readonly Dropped[];
  /** What the key was made from. Undefined when nothing there makes a key. */
  readonly keyFrom: "slug" | "name" | undefined;
}

export interface Dropped {
  readonly pointer: string;
  readonly key: string;
  readonly why: "ignored" | "publish" | "template";
}

/** Servers take these and do nothing with them (llmstack-server.md 2.3). */
const IGNORED = new Set(["slug", "categories", "category_slugs", "pages", "provider_slug", "version"]);
const PUBLISH = new Set(["is_published", "visibility", "read_accessible_by", "write_accessible_by"]);
/** What a template file has beside its `app`. */
const TEMPLATE = new Set([...IGNORED, "name", "icon", "description"]);

/** The flat form of LLMStack's editor and store: an app document at the top level. */
export function fromFlatApp(document: JsonObject): Converted {
  const { kept, dropped } = dropKeys(document, "");
  return appManifest({
    kept,
    dropped,
    at: "",
    key: keyOf([
      ["/slug", document["slug"]],
      ["/name", document["name"]],
    ]),
  });
}

/** A template file: its `app` is the app document. */
export function fromTemplate(document: JsonObject, app: JsonObject): Converted {
  const { kept, dropped } = dropKeys(app, "/app");
  const beside = Object.keys(document)
    .filter((key) => TEMPLATE.has(key))
    .map((key): Dropped => ({ pointer: pointer(key), key, why: "template" }));
  const key = keyOf([
    ["/slug", document["slug"]],
    ["/app/slug", app["slug"]],
    ["/app/name", app["name"]],
    ["/name", document["name"]],
  ]);
  return appManifest({ kept, dropped: [...beside, ...dropped], at: "/app", key });
}

/** Keys beside `app` that no template file has. */
export function strayTemplateKeys(document: JsonObject): readonly string[] {
  return Object.keys(document).filter((key) => key !== "app" && !TEMPLATE.has(key));
}

/** A plain `{ name, type, entries? }` document. */
export function fromPlainDatasource(document: JsonObject): Converted {
  const { slug, description, ...spec } = document;
  const dropped = Object.entries({ slug, description }).flatMap(([key, value]): readonly Dropped[] =>
    value === undefined ? [] : [{ pointer: pointer(key), key, why: "ignored" }],
  );
  const key = keyOf([
    ["/slug", slug],
    ["/name", document["name"]],
  ]);
  return {
    kind: "Datasource",
    body: { apiVersion: API_VERSION, kind: "Datasource", metadata: { name: key?.label ?? "" }, spec },
    moves: [
      ["/metadata/name", key?.from ?? "/name"],
      ["/metadata", ""],
      ["/spec", ""],
    ],
    dropped,
    keyFrom: keySource(key),
  };
}

interface Key {
  readonly label: string;
  /** Where its text stands. */
  readonly from: string;
}

/** The first text among these decides, even where no label can be made of it. */
function keyOf(places: readonly (readonly [from: string, value: Json | undefined])[]): Key | undefined {
  const found = places.find(([, value]) => typeof value === "string" && value !== "");
  const label = typeof found?.[1] === "string" ? keyLabel(found[1]) : undefined;
  return found === undefined || label === undefined ? undefined : { label, from: found[0] };
}

function keySource(key: Key | undefined): Converted["keyFrom"] {
  if (key === undefined) return undefined;
  return key.from.endsWith("slug") ? "slug" : "name";
}

function appManifest(app: {
  readonly kept: JsonObject;
  readonly dropped: readonly Dropped[];
  readonly at: string;
  readonly key: Key | undefined;
}): Converted {
  return {
    kind: "App",
    body: {
      apiVersion: API_VERSION,
      kind: "App",
      metadata: { name: app.key?.label ?? "" },
      spec: { definition: app.kept },
    },
    moves: [
      ["/metadata/name", app.key?.from ?? `${app.at}/name`],
      ["/metadata", ""],
      ["/spec/definition", app.at],
      ["/spec", ""],
    ],
    dropped: app.dropped,
    keyFrom: keySource(app.key),
  };
}

function dropKeys(
  document: JsonObject,
  at: string,
): { readonly kept: JsonObject; readonly dropped: readonly Dropped[] } {
  const dropped = Object.keys(document).flatMap((key): readonly Dropped[] => {
    const why = IGNORED.has(key) ? "ignored" : PUBLISH.has(key) ? "publish" : undefined;
    return why === undefined ? [] : [{ pointer: at + pointer(key), key, why }];
  });
  if (dropped.length === 0) return { kept: document, dropped };
  const gone = new Set(dropped.map(({ key }) => key));
  return { kept: Object.fromEntries(Object.entries(document).filter(([key]) => !gone.has(key))), dropped };
}
