/** Something wrong with the text of a YAML file, by offsets into that text. */
export interface YamlFault {
  readonly code: string;
  readonly message: string;
  readonly start: number;
  readonly end: number;
  /** What to write instead. */
  readonly suggestion?: string;
}

/** Nobody reads more of one file, and telling them all would let a hostile file cost hours. */
const MOST_FAULTS = 200;

/** Adds a fault to those of a file, up to a limit; `make` is not asked for any beyond it. */
export function addFault(faults: YamlFault[], make: () => YamlFault): void {
  if (faults.length < MOST_FAULTS) faults.push(make());
}
