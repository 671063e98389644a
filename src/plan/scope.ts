import type { LiveResource } from "../model/live.ts";
import { type Resource, type ResourceKey, resourceKey } from "../model/resource.ts";
import { once } from "./collections.ts";
import type { CompareScope } from "./compare-scope.ts";
import type { Context } from "./context.ts";
import type { Matches } from "./match.ts";

/** Which key stands for a live uuid, wherever one is shown: what is matched, and what carries this set's mark. */
export function keysOfLive(context: Context, matches: Matches): (uuid: string) => ResourceKey | undefined {
  const keys = new Map<string, ResourceKey>();
  for (const { kind } of context.kinds) {
    for (const { uuid, mark, isOwned } of context.liveOf(kind)) {
      if (isOwned && mark?.set === context.policy.set) keys.set(uuid, keyFromMark(mark.key));
    }
  }
  for (const { key } of context.resources) {
    const match = matches.of(key);
    if (match.status === "found") keys.set(match.live.uuid, key);
  }
  return (uuid) => keys.get(uuid);
}

/** `Kind/name` as it stands in a mark. */
export function keyFromMark(text: string): ResourceKey {
  const slash = text.indexOf("/");
  return resourceKey(text.slice(0, Math.max(slash, 0)), text.slice(slash + 1));
}

/** What the comparison of one live object looks up. */
export function compareScope(
  context: Context,
  {
    resource,
    live,
    references,
  }: {
    readonly resource: Resource;
    readonly live: LiveResource;
    readonly references: CompareScope["references"];
  },
): CompareScope {
  const rotated = context.rotated?.get(resource.key);
  const spec = context.specOf(live.kind);
  const marked = live.mark?.secrets ?? [];
  return {
    spec,
    rules: context.rules,
    document: live.document,
    kept: live.mark?.kept,
    references,
    isSecret: (path) => marked.includes(path) || context.isSecret(live.kind, path),
    ...(resource.keepLive !== undefined && { keepLive: resource.keepLive }),
    ...(rotated !== undefined && {
      isRotated: ({ source }) => "$secret" in source && rotated.has(source.$secret.name),
    }),
    isSecretText: (text) => context.secretValues().has(text),
    liveReferences: once(
      () => new Map(spec.references(live.document).map(({ pointer, form }) => [pointer, form] as const)),
    ),
  };
}
