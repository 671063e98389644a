import type { Json } from "../model/json.ts";

/** One request as the server saw it. The token is never part of it. */
export interface JournalEntry {
  /** Counts every request since the start, from 0; faults count the same way. */
  readonly index: number;
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** 0 while there is no answer, and for ever when there was none. */
  readonly status: number;
  /** True when something was written, whatever the answer said. */
  readonly committed: boolean;
  /** Which faults hit it. */
  readonly faults: readonly string[];
  /** Absent where no body was read. */
  readonly body?: JournalBody;
  /** A defect of this server: the stack of what was thrown. */
  readonly defect?: string;
}

interface JournalBody {
  readonly bytes: number;
  readonly sha256: string;
  /** Only where the journal was asked to keep it. */
  readonly parsed?: Json;
}

/** The part of an entry that becomes known as the request is answered. */
export type JournalRecord = { -readonly [Key in keyof JournalEntry]: JournalEntry[Key] };

export interface Journal {
  open(method: string, path: string, faults: readonly string[]): JournalRecord;
  /** How many requests were seen, those that the journal has dropped included. */
  count(): number;
  readonly entries: () => readonly JournalEntry[];
}

/** Keeps the last `limit` requests in the order of their arrival. */
export function createJournal(limit: number): Journal {
  let records: JournalRecord[] = [];
  let count = 0;
  return {
    open: (method, path, faults) => {
      const record: JournalRecord = { index: count, method, path, status: 0, committed: false, faults };
      count += 1;
      records.push(record);
      // Dropped in bulk: taking one off the front of a long array for every request is slow.
      if (records.length >= limit * 2) records = records.slice(-limit);
      return record;
    },
    count: () => count,
    entries: () => Array.from(records.slice(-limit), copyOf),
  };
}

/** So that nobody sees an entry change, or changes it. */
function copyOf(record: JournalEntry): JournalEntry {
  return { ...record };
}
