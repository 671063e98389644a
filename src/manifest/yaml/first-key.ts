import { type Event, EVENT_ID, getScalarValue } from "js-yaml";
import { countLines, type EventStretch } from "./parse-events.ts";

/** Offset of the first key of that text in the mapping whose event has that index. */
export function firstKey(stretch: EventStretch, mapping: number, key: string): number | undefined {
  let depth = 0;
  let isKey = true;
  for (let index = mapping + 1; depth >= 0; index += 1) {
    const event = stretch.events[index];
    if (event === undefined) return undefined;
    if (depth === 0 && event.type !== EVENT_ID.POP) {
      if (isKey && event.type === EVENT_ID.SCALAR && getScalarValue(stretch.text, event) === key)
        return event.valueStart;
      isKey = !isKey;
    }
    depth += depthChange(event);
  }
  return undefined;
}

function depthChange({ type }: Event): number {
  if (type === EVENT_ID.POP) return -1;
  return type === EVENT_ID.MAPPING || type === EVENT_ID.SEQUENCE ? 1 : 0;
}

/** 1-based line, in the whole file, of an offset into the stretch. */
export function lineOf(stretch: EventStretch, offset: number): number {
  return stretch.linesBefore + countLines(stretch.text, 0, offset) + 1;
}
