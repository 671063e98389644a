import { basename } from "node:path";
import type { JsonObject } from "../../model/json.ts";
import type { OutputFile } from "./export-files.ts";
import { uniqueNames } from "./unique-names.ts";
import { yamlText } from "./yaml-text.ts";

/** Where a value is found in a cluster. */
export interface ValuePlace {
  readonly name: string;
  readonly key: string;
}

interface ConfigMap {
  readonly name: string;
  readonly data: Record<string, string>;
  readonly binaryData: Record<string, string>;
  size: number;
}

/** The ConfigMaps that hold what one manifest had in files. */
export interface ValueStore {
  /** Puts the content of a file away; the same path gives the same place. Undefined above 1 MiB, Kubernetes' limit. */
  put(path: string, content: string | Uint8Array): ValuePlace | undefined;
  files(): readonly OutputFile[];
}

/** `kubectl apply` keeps a copy of an object in an annotation of at most 256 KiB. */
const MAX_CONFIG_MAP = 200 * 1024;

/** What Kubernetes takes in one ConfigMap. */
const MAX_VALUE = 1024 * 1024;

/** `claim` gives ConfigMap names out once; a manifest's own is used until it is full. */
export function valueStore(
  base: string,
  namespace: string | undefined,
  claim: ReturnType<typeof uniqueNames>,
): ValueStore {
  const maps: ConfigMap[] = [];
  const places = new Map<string, ValuePlace>();
  const keys = new Set<string>();
  const keyName = uniqueNames();
  const mapFor = (size: number): ConfigMap => {
    const last = maps.at(-1);
    if (last !== undefined && last.size + size <= MAX_CONFIG_MAP) return last;
    const map: ConfigMap = { name: claim(base), data: {}, binaryData: {}, size: 0 };
    maps.push(map);
    return map;
  };
  return {
    put(path, content) {
      const known = places.get(path);
      if (known !== undefined) return known;
      const text = typeof content === "string" ? content : utf8Text(content);
      const value = text ?? Buffer.from(content).toString("base64");
      if (Buffer.byteLength(content) > MAX_VALUE) return undefined;
      const size = Buffer.byteLength(JSON.stringify(value));
      const map = mapFor(size);
      const key = keyName(keys.has(keyOf(basename(path))) ? keyOf(path) : keyOf(basename(path)));
      keys.add(key);
      (text === undefined ? map.binaryData : map.data)[key] = value;
      map.size += size;
      const place = { name: map.name, key };
      places.set(path, place);
      return place;
    },
    files: () => maps.map((map) => configMapFile(map.name, namespace, map)),
  };
}

/** A `v1` ConfigMap as kubectl takes it. */
export function configMapFile(
  name: string,
  namespace: string | undefined,
  { data, binaryData }: Pick<ConfigMap, "data" | "binaryData">,
): OutputFile {
  const manifest: JsonObject = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name, ...(namespace !== undefined && { namespace }) },
    ...(Object.keys(data).length > 0 && { data }),
    ...(Object.keys(binaryData).length > 0 && { binaryData }),
  };
  return { path: `configmap-${name}.yaml`, text: yamlText(manifest) };
}

/** Kubernetes allows few characters in a key; a server sees it as the file's name. */
function keyOf(path: string): string {
  const name = path.replaceAll("/", ".").replaceAll(/[^-._a-zA-Z0-9]+/gu, "-");
  return /^\.{0,2}$/u.test(name) ? "file" : name;
}

/** Undefined for bytes that are no text, and for text that YAML readers have trouble with. */
function utf8Text(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return text.includes("\0") ? undefined : text;
  } catch {
    return undefined;
  }
}
