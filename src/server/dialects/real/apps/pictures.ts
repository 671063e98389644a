import { crash } from "../wire/answers.ts";
import { isTreeObject, isTruthy, type Tree, type TreeObject } from "../wire/tree.ts";
import type { RealCall } from "../wire/view.ts";

/** Pictures that were stored on the way, by their reference. */
export interface Pictures {
  readonly stored: Record<string, string>;
}

/** An icon that is a picture becomes the url of a file, another one at every upload (llmstack-server.md 3.1). */
export function storeIcon(call: RealCall, icon: Tree): Tree {
  return isPicture(icon) ? pictureUrl(call, icon) : icon;
}

/**
 * The config with its `assistant_image` stored: a picture becomes a reference, an url keeps the old reference. Throws
 * Answered 500 where the old config lacks the key (2.5).
 */
export function storeAssistantImage(call: RealCall, config: Tree, old: Tree | undefined, pictures: Pictures): Tree {
  if (!isTreeObject(config) || call.era.apps.icon === "none") return config;
  const image = config["assistant_image"];
  if (image === undefined || !isTruthy(image)) return config;
  if (typeof image !== "string") throw crash();
  if (isPicture(image)) {
    const reference = `objref://public_assets/${call.uuid()}`;
    pictures.stored[reference] = pictureUrl(call, image);
    return { ...config, assistant_image: reference };
  }
  if (old === undefined) return config;
  if (!isTreeObject(old) || !Object.hasOwn(old, "assistant_image")) throw crash();
  const before = old["assistant_image"];
  return typeof before === "string" && before.startsWith("objref:") ? { ...config, assistant_image: before } : config;
}

/** The data with references as urls, as every reader gets it. */
export function showPictures(data: TreeObject, urls: Readonly<Record<string, string>>): TreeObject {
  const config = data["config"];
  if (!isTreeObject(config)) return data;
  const image = config["assistant_image"];
  const url = typeof image === "string" ? urls[image] : undefined;
  return url === undefined ? data : { ...data, config: { ...config, assistant_image: url } };
}

function isPicture(value: Tree): value is string {
  return typeof value === "string" && value.startsWith("data:image");
}

function pictureUrl({ uuid }: RealCall, picture: string): string {
  const name = /;name=([^;.]*)/u.exec(picture)?.[1] ?? "image";
  return `/media/public_assets/public/apps/${name}_${uuid().slice(0, 4)}_resized.png`;
}
