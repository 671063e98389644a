/** Everything a command may touch of the process it runs in. Tests hand in their own. */
export interface Io {
  readonly stdout: Output;
  readonly stderr: Output;
  /** Standard input to its end, as UTF-8. */
  readStdin(): Promise<string>;
  /** One line from the terminal; rejects with the reason of `stop` when it is aborted meanwhile. */
  ask(question: string): Promise<string>;
  readonly env: Environment;
  readonly cwd: string;
  /** The user's own folders: configuration (contexts), state (locks) and cache (what can be fetched again). */
  readonly folders: { readonly config: string; readonly state: string; readonly cache: string };
  /** Both ends of a conversation with a person are terminals, and it is not a CI job that pretends. */
  readonly isInteractive: boolean;
  /** Aborted by the first SIGINT or SIGTERM: start nothing new. */
  readonly stop: AbortSignal;
}

export interface Output {
  write(text: string): void;
  readonly isTerminal: boolean;
  readonly columns: number;
  /** Escape codes are welcome: a terminal, no NO_COLOR, no CI. */
  readonly hasColor: boolean;
}

export type Environment = Readonly<Record<string, string | undefined>>;
