/** Something wrong with the text of a YAML file, by offsets into that text. */
export interface YamlFault {
  readonly code: string;
  readonly message: string;
  readonly start: number;
  readonly end: number;
  /** What to write instead. */
  readonly suggestion?: string;
}
