import type { RewrittenValues } from "../../../model/dialect.ts";
import { isArray, isObject, type Json, type JsonObject, own } from "../../../model/json.ts";
import type { Era } from "./era.ts";
import type { Catalogue } from "./processors/catalogue.ts";
import { isDefaultAt, isKnownAt } from "./processors/defaults.ts";

/** What is known of the servers that values are compared on. */
interface Known {
  readonly era: Era;
  readonly catalogue: Pick<Catalogue, "schemas">;
}

/** A value that no manifest declares, and where it stands. */
interface Found {
  readonly segments: readonly string[];
  readonly value: Json;
  readonly document: JsonObject;
}

/** True for what servers fill in by themselves in an app (llmstack-server.md 3.1). */
export function isAppDefault({ segments, value, document }: Found, known: Known): boolean {
  const [top = "", ...rest] = segments;
  if (top === "processors") return isProcessorDefault({ segments, value, document }, known);
  // An integration that is left out is left as it is: no server can clear one.
  if (INTEGRATIONS.has(top)) return rest.length === 0 || isIntegrationDefault(top, rest, value);
  if (rest.length > 0) return false;
  // Our mark lives in the config: what it leaves behind is an empty one.
  if (top === "config") return isObject(value) && Object.values(value).every((item) => item === null);
  return top === "input_fields" && document["type_slug"] === VOICE_AGENT;
}

/** Its input fields are the server's own on a create, whatever is sent (llmstack-server.md 2.3). */
export const VOICE_AGENT = "voice-agent";

/** Settings of an app that are kept beside its versions (llmstack-server.md 2.0). */
export const INTEGRATIONS: ReadonlySet<string> = new Set([
  "web_config",
  "slack_config",
  "discord_config",
  "twilio_config",
]);

/** Members that nobody set come back empty, and Discord's command is the server's (llmstack-server.md 3.1). */
function isIntegrationDefault(top: string, rest: readonly string[], value: Json): boolean {
  return isBlank(value) || (top === "discord_config" && rest.join("/") === "slash_command_id");
}

/** What a member of an integration is where nobody set it. */
export function isBlank(value: Json): boolean {
  return value === null || value === "" || value === false || (isArray<Json>(value) && value.length === 0);
}

/** An undeclared setting of a processor: its default, or anything where settings are expanded by an unknown schema. */
function isProcessorDefault({ segments, value, document }: Found, { era, catalogue }: Known): boolean {
  const [, index = "", section, ...path] = segments;
  if (section !== "config") return false;
  if (path.length === 0 && isObject(value) && Object.keys(value).length === 0) return true;
  const schema = catalogue.schemas()?.get(processorAt(document, index));
  return schema === undefined ? era.settings === "expanded" : isDefaultAt(schema, path, value);
}

function processorAt(document: JsonObject, index: string): string {
  const processors = own(document, "processors");
  const processor = isArray<Json>(processors) ? processors[Number(index)] : undefined;
  if (!isObject(processor)) return "";
  const { provider_slug: provider, processor_slug: slug } = processor;
  return typeof provider === "string" && typeof slug === "string" ? `${provider}/${slug}` : "";
}

/** A declared value that the server keeps as something else, and where it stands. */
interface Rewritten extends RewrittenValues {
  readonly segments: readonly string[];
  readonly document: JsonObject;
}

/** True where an app's server makes `got` of `sent`. */
export function isAppRewrite(rewritten: Rewritten, known: Known): boolean {
  const { segments, sent, got } = rewritten;
  const path = segments.join("/");
  if (path === "icon" || path === "config/assistant_image")
    return isUpload(sent, got) || isDroppedIcon(path, got, known);
  if (got !== undefined) return false;
  const [top = ""] = segments;
  // An integration loses members that the server does not know (3.1).
  return INTEGRATIONS.has(top) ? segments.length > 1 : top === "processors" && isDroppedSetting(rewritten, known);
}

function isDroppedIcon(path: string, got: Json | undefined, { era }: Known): boolean {
  return path === "icon" && got === undefined && era.icons === "dropped";
}

/** Where settings are expanded, those that the processor does not know go (llmstack-server.md 3.2). */
function isDroppedSetting({ segments, document }: Rewritten, { era, catalogue }: Known): boolean {
  const [, index = "", section, ...path] = segments;
  if (section !== "config" || path.length === 0 || era.settings !== "expanded") return false;
  const schema = catalogue.schemas()?.get(processorAt(document, index));
  return schema !== undefined && !isKnownAt(schema, path);
}

/** An image that is sent as itself is kept as a thumbnail with an address of its own (llmstack-server.md 3.1). */
function isUpload(sent: Json, got: Json | undefined): boolean {
  if (typeof sent !== "string" || !sent.startsWith("data:image")) return false;
  return typeof got === "string" && /^(?:objref:\/\/|https?:\/\/|\/)/u.test(got);
}

/** What a manifest leaves out of a pipeline is the server's to fill in: nothing of a datasource can be changed. */
export function isDatasourceDefault({ segments }: Pick<Found, "segments">): boolean {
  return segments[0] === "pipeline";
}

/**
 * True where a datasource's server keeps `got` of `sent` (llmstack-server.md 5.2): what the source was told is hidden,
 * a type with a template has the template's embedding, and loses blocks that the template lacks.
 */
export function isDatasourceRewrite({ segments, got, document }: Rewritten, { era }: Known): boolean {
  const [top, block, part] = segments;
  if (top !== "pipeline") return false;
  if (era.pipelines !== "shown") return era.pipelines === "hidden";
  if (block === "source" && part === "data") return true;
  if (document["type"] === CUSTOM) return false;
  return block === "embedding" || (block !== undefined && part === undefined && got === undefined);
}

/** The type whose pipeline is kept as it is sent (llmstack-server.md 5.2, v0.2.4). */
export const CUSTOM = "custom";
