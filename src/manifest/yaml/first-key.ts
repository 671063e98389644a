import { EVENT_ID, getScalarValue } from "js-yaml";
import { countLines, type EventStretch } from "./parse-events.ts";

/** Offset of the first key of that text in the mapping whose event has that index. */
export function firstKey(stretch: EventStretch, mapping: number, key: string): number | undefined {
  let depth = 0;
  let isKey = true;
  for (const event of stretch.events.slice(mapping + 1)) {
    if (event.type === EVENT_ID.POP) depth -= 1;
    else if (depth === 0) {
      if (isKey && event.type === EVENT_ID.SCALAR && getScalarValue(stretch.text, event) === key)
        return event.valueStart;
      isKey = !isKey;
    }
    if (event.type === EVENT_ID.MAPPING || event.type === EVENT_ID.SEQUENCE) depth += 1;
    if (depth < 0) return undefined;
  }
  return undefined;
}

/** 1-based line, in the whole file, of an offset into the stretch. */
export function lineOf(stretch: EventStretch, offset: number): number {
  return stretch.linesBefore + countLines(stretch.text, offset) + 1;
}
