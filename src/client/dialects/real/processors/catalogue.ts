import { isArray, isObject, type Json, type JsonObject, own } from "../../../../model/json.ts";
import { type Http, UnexpectedShape } from "../../../http.ts";
import { defaultsOf, type Schema } from "./defaults.ts";

/** Schemas of the settings of processors by `provider/slug`, once somebody asked the server for them. */
export interface Catalogue {
  /** Undefined while nothing is known. */
  readonly schemas: () => ReadonlyMap<string, Schema> | undefined;
  /** Asks once; throws what the read throws, and may be called again then. */
  load(signal: AbortSignal): Promise<ReadonlyMap<string, JsonObject>>;
}

/** Knows nothing, and cannot ask. */
export const NO_CATALOGUE: Pick<Catalogue, "schemas"> = { schemas: () => undefined };

/** The processors that a server has (llmstack-server.md 4.5): a large answer that changes with releases only. */
export function makeCatalogue(http: Pick<Http, "read">): Catalogue {
  let known: ReadonlyMap<string, Schema> | undefined;
  return {
    schemas: () => known,
    load: async (signal) => {
      known ??= await http.read("/api/apibackends", parseCatalogue, signal);
      return new Map([...known].map(([slug, schema]) => [slug, defaultsOf(schema)] as const));
    },
  };
}

function parseCatalogue(answer: Json): ReadonlyMap<string, Schema> {
  if (!isArray<Json>(answer)) throw new UnexpectedShape("it is no list");
  return new Map(answer.flatMap(parseProcessor));
}

/** A processor that is not understood is one whose defaults are not known. */
function parseProcessor(item: Json): readonly (readonly [string, Schema])[] {
  if (!isObject(item)) return [];
  const { id, slug, api_provider: provider } = item;
  const schema = own(item, "config_schema");
  const by = isObject(provider) ? provider["slug"] : undefined;
  const name = typeof slug === "string" && typeof by === "string" ? `${by}/${slug}` : id;
  return typeof name === "string" && isObject(schema) ? [[name, schema]] : [];
}
