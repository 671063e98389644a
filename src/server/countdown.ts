/** Entries that stay PROCESSING for a number of reads of their datasource. Forgotten when the server stops. */
export interface Countdown {
  start(datasource: string, entry: string, reads: number): void;
  /** Counts one read; gives the entries that are done processing with it. */
  read(datasource: string): readonly string[];
}

export function createCountdown(): Countdown {
  const left = new Map<string, Map<string, number>>();
  return {
    start: (datasource, entry, reads) => {
      const entries = left.get(datasource) ?? new Map<string, number>();
      left.set(datasource, entries.set(entry, reads));
    },
    read: (datasource) => {
      const entries = left.get(datasource);
      if (entries === undefined) return [];
      const done = [...entries].filter(([, reads]) => reads === 0).map(([entry]) => entry);
      for (const [entry, reads] of entries) entries.set(entry, reads - 1);
      for (const entry of done) entries.delete(entry);
      return done;
    },
  };
}
