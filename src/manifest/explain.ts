import { posix } from "node:path";
import { MARK_KEY } from "../model/mark.ts";
import type { ValueOrigin } from "../model/plan.ts";
import { type Pointer, pointer } from "../model/pointer.ts";
import type { ResourceKey } from "../model/resource.ts";
import type { FoundDirective } from "./find-directives.ts";
import type { Manifest, Manifests } from "./manifest.ts";
import { shapes } from "./shapes.ts";
import { placeName } from "./site.ts";

/** Where the value at a place of a wanted document was said; the place itself first, then what set a part of it. */
export type Explain = (key: ResourceKey, at: Pointer) => readonly ValueOrigin[];

/** Answers for what these manifests say. Costs nothing until somebody asks. */
export function explainer(manifests: Manifests): Explain {
  const byKey = new Map(manifests.manifests.map((manifest) => [manifest.key, manifest]));
  return (key, at) => {
    const manifest = byKey.get(key);
    const place = manifest === undefined ? undefined : placeInManifest(manifest, at);
    return manifest === undefined || place === undefined ? [] : originsAt(manifest, place, manifests);
  };
}

/** Pointers of a plan are into the document that a server holds, or into what we say beside it. */
function placeInManifest({ kind }: Manifest, at: Pointer): Pointer | undefined {
  if (at === "/publish" || at.startsWith("/publish/")) return `/spec${at}`;
  if (at === pointer(MARK_KEY, "protect")) return pointer("metadata", "annotations", "llmstack.ai/protect");
  if (at === pointer(MARK_KEY, "orphan")) return "/spec/deletionPolicy";
  if (at.startsWith(pointer(MARK_KEY))) return undefined;
  const shape = shapes[kind];
  return shape === undefined ? undefined : `/spec${pointer(...shape.document)}${at}`;
}

function originsAt(manifest: Manifest, at: Pointer, manifests: Manifests): readonly ValueOrigin[] {
  const [own, ...parts] = manifest.site.originsOf(at);
  const directive = manifest.directives.find((found) => at === found.pointer || at.startsWith(`${found.pointer}/`));
  const from = directive === undefined ? undefined : sourceOf(directive, manifest, manifests);
  if (from === undefined) return own === undefined ? [] : [own, ...parts];
  const said = own === undefined ? "" : ` at ${nameOf(own)}`;
  return [{ ...from, by: `${directive?.name}${said}` }];
}

/** What a directive takes its value from, where that is a file of its own. */
function sourceOf(directive: FoundDirective, { site }: Manifest, { values }: Manifests): ValueOrigin | undefined {
  switch (directive.name) {
    case "$file":
      return { path: posix.join(posix.dirname(site.path), directive.argument) };
    case "$configMap":
    case "$secret": {
      const kind = directive.name === "$secret" ? "Secret" : "ConfigMap";
      const { name, key } = directive.argument;
      const found = values.find((one) => one.kind === kind && one.name === name);
      if (found === undefined) return { path: `${kind} ${name}/${key}` };
      const field = kind === "ConfigMap" || !found.texts.has(key) ? "data" : "stringData";
      return { path: found.site.path, line: found.site.find(pointer(field, key), "key").line };
    }
    case "$env":
      return { path: `environment variable ${directive.argument}` };
    case "$ref":
    default:
      return undefined;
  }
}

function nameOf({ path, line }: ValueOrigin): string {
  return line === undefined ? path : placeName({ path, line });
}
