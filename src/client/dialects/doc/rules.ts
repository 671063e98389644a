import type { Capabilities, DialectRules, KindCapabilities } from "../../../model/dialect.ts";
import { isObject, type Json } from "../../../model/json.ts";
import type { Pointer } from "../../../model/pointer.ts";
import { parseUuid } from "../../uuid.ts";

const app: KindCapabilities = { mark: "mutable", fixed: [], unsupported: ["/publish"], unclearable: [] };
const datasource: KindCapabilities = { mark: "none", fixed: ["/type"], unsupported: ["/pipeline"], unclearable: [] };

const capabilities: Capabilities = {
  kinds: { App: app, Datasource: datasource },
  entryMark: "metadata",
  entryMetadata: "kept",
  versions: false,
  mintsVersions: false,
  connections: false,
};

/** What a plan asks about servers that speak the documented API. */
export const docRules: DialectRules = {
  name: "doc",
  capabilities,
  formatReference: (form, { uuid }) => (form === "app" ? JSON.stringify({ promptly_app_uuid: uuid, input: {} }) : uuid),
  parseReference: (form, value) => parseUuid(form === "app" ? calleeOf(value) : value),
  isServerDefault,
  isServerRewrite: () => false,
};

/** Our mark lives in an app's config: what it leaves behind, where a manifest states no config, is an empty one. */
function isServerDefault(kind: string, path: Pointer, value: Json): boolean {
  return kind === "App" && path === "/config" && isObject(value) && Object.keys(value).length === 0;
}

/** An app-to-app reference is a JSON text inside the document (llmstack-server.md 4.6). */
function calleeOf(value: Json): unknown {
  if (typeof value !== "string") return undefined;
  try {
    const parsed: unknown = JSON.parse(value);
    return isObject(parsed) ? parsed["promptly_app_uuid"] : undefined;
  } catch {
    return undefined;
  }
}
