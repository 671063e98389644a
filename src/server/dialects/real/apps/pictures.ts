import { crash } from "../wire/answers.ts";
import { isTreeObject, isTruthy, type Tree, type TreeObject } from "../wire/tree.ts";
import type { RealCall } from "../wire/view.ts";

/** A picture among data URIs: its name must be told, and a `+` in its type is not understood (llmstack-server.md 5.5). */
const PICTURE = /^data:[\w/\-.]+;name=(.*);base64,/u;

/**
 * An icon that is a picture becomes the address of a file, another one at every upload (llmstack-server.md 3.1). Throws
 * Answered 500 for one that cannot be read.
 */
export function storeIcon(call: RealCall, icon: Tree): Tree {
  if (!isTruthy(icon)) return icon;
  if (typeof icon !== "string") throw crash();
  return isPicture(icon) ? pictureUrl(call, icon) : icon;
}

/**
 * The config with its `assistant_image` stored: a picture becomes the address of a file. Whatever else is sent gives way
 * to a reference that the old config has; throws Answered 500 where the old one lacks the key (2.5).
 */
export function storeAssistantImage(call: RealCall, config: Tree, old: Tree | undefined): Tree {
  if (!isTreeObject(config) || call.era.apps.image === "as-sent") return config;
  const image = config["assistant_image"];
  if (image === undefined || !isTruthy(image)) return config;
  if (typeof image !== "string") throw crash();
  if (isPicture(image)) return { ...config, assistant_image: pictureUrl(call, image) };
  // A PATCH looks at the old one since there are icons.
  return old === undefined || call.era.apps.icon === "none" ? config : withOldReference(config, old);
}

function withOldReference(config: TreeObject, old: Tree): Tree {
  if (!isTreeObject(old) || !Object.hasOwn(old, "assistant_image")) throw crash();
  const before = old["assistant_image"];
  return typeof before === "string" && before.startsWith("objref:") ? { ...config, assistant_image: before } : config;
}

function isPicture(value: string): boolean {
  return value.startsWith("data:image");
}

function pictureUrl({ uuid }: RealCall, picture: string): string {
  const name = PICTURE.exec(picture)?.[1];
  if (name === undefined) throw crash();
  return `/media/public_assets/public/apps/${name}_${uuid().slice(0, 4)}_resized.png`;
}
