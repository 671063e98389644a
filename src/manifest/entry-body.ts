import { sha256 } from "../model/digest.ts";
import type { Pointer } from "../model/pointer.ts";
import type { EntryBody, FileBody } from "../model/resource.ts";
import { Secret } from "../model/template.ts";
import type { Resolution } from "./resolve-directive.ts";
import { problemAt, type Site } from "./site.ts";

export type BodyKind = EntryBody["kind"];

/** What entries of a type hold; another type may take anything. */
export const bodyFieldOfType: { readonly [type: string]: BodyKind } = {
  text: "content",
  url: "url",
  file: "file",
  pdf: "file",
  csv: "file",
  archive: "file",
};

/** What entries of a type hold; undefined for a type that we do not know, which may take anything. */
export function bodyKindOf(type: string): BodyKind | undefined {
  return Object.hasOwn(bodyFieldOfType, type) ? bodyFieldOfType[type] : undefined;
}

/** A body of text or of one url; undefined, with a problem, for what servers would fail on. */
export function textBody(
  site: Site,
  kind: Exclude<BodyKind, "file">,
  value: string | Secret,
  at: Pointer,
  resolution: Pick<Resolution, "problems" | "missingSecrets">,
): EntryBody | undefined {
  const text = value instanceof Secret ? value.reveal() : value;
  const isLeftEmpty = value instanceof Secret && text === "" && resolution.missingSecrets === "warning";
  const wrong = kind === "url" && !isLeftEmpty ? wrongUrl(text) : undefined;
  if (wrong === undefined) return { kind, value };
  resolution.problems.push(problemAt(site, at, { code: "entries/url", message: wrong }));
  return undefined;
}

/** Servers split at commas and white space, so that one entry would become several (llmstack-server.md 5.5). */
function wrongUrl(text: string): string | undefined {
  if (/[\s,]/u.test(text)) return "url takes one address: white space and commas separate addresses, write %20 and %2C";
  if (!/^https?:\/\//iu.test(text) || !URL.canParse(text))
    return "url must be an address that starts with http:// or https://";
  return text.length > 1600 ? "url may have at most 1600 characters" : undefined;
}

/** A file whose bytes are at hand, of a ConfigMap. */
export function fileBody(path: string, fileName: string, bytes: Uint8Array): FileBody {
  return {
    path,
    fileName,
    size: bytes.byteLength,
    sha256: sha256(bytes),
    async *read() {
      yield bytes;
    },
  };
}
