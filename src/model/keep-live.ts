import { isArray, isObject, type Json, type JsonObject, own } from "./json.ts";
import { type Pointer, pointer, pointerSegments } from "./pointer.ts";

/** Arrays whose items are matched by a field: pointer to that field's name. */
type KeyedLists = { readonly [pointer: Pointer]: string };

/**
 * A document that is to be written, with what is live at these places: what people tune by hand stays as they left it.
 * Items of keyed lists are those with the same key, wherever they stand. A place that live does not have stays out.
 */
export function withLiveAt(
  document: JsonObject,
  live: JsonObject,
  places: readonly Pointer[],
  keyedLists: KeyedLists,
): JsonObject {
  return places.reduce<JsonObject>((kept, place) => {
    const written = withLive({ written: kept, live }, pointerSegments(place), { path: "", keyedLists });
    return isObject(written) ? written : kept;
  }, document);
}

/** One place of the document and of what is live. */
interface Sides {
  readonly written: Json | undefined;
  readonly live: Json | undefined;
}

interface At {
  readonly path: Pointer;
  readonly keyedLists: KeyedLists;
}

/** Undefined for a place that is to stay out. */
function withLive(sides: Sides, [segment, ...more]: readonly string[], at: At): Json | undefined {
  const { written, live } = sides;
  if (segment === undefined) return live;
  const here = { segment, more, field: own(at.keyedLists, at.path) };
  const below = { ...at, path: at.path + pointer(segment) };
  if (isArray<Json>(written)) return isArray<Json>(live) ? inList(written, live, here, below) : written;
  if (written !== undefined && !isObject(written)) return written;
  return inObject(written, isObject(live) ? live : undefined, here, below);
}

interface Here {
  readonly segment: string;
  readonly more: readonly string[];
  readonly field: string | undefined;
}

function inList(written: readonly Json[], live: readonly Json[], { segment, more, field }: Here, below: At): Json {
  const index = Number(segment);
  const item = written[index];
  if (item === undefined) return written;
  const partner = field === undefined ? live[index] : live.find((other) => isSameItem(item, other, field));
  const kept = withLive({ written: item, live: partner }, more, below);
  return kept === undefined ? written : written.with(index, kept);
}

function isSameItem(item: Json, other: Json, field: string): boolean {
  if (!isObject(item) || !isObject(other)) return false;
  const key = own(item, field);
  return key !== undefined && own(other, field) === key;
}

function inObject(
  written: JsonObject | undefined,
  live: JsonObject | undefined,
  { segment, more }: Here,
  below: At,
): Json | undefined {
  if (live === undefined && written === undefined) return undefined;
  const { [segment]: before, ...others } = written ?? {};
  const value = withLive({ written: before, live: live && own(live, segment) }, more, below);
  if (value !== undefined) return { ...others, [segment]: value };
  return written === undefined ? undefined : others;
}
