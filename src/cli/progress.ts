import type { Output } from "./io.ts";

/** What a run shows of itself on stderr while it works: one live line on a terminal, nothing animated elsewhere. */
export interface Progress {
  /** Replaces the live line. Does nothing where there is none. */
  show(text: string): void;
  clear(): void;
  /** Whether anybody sees it. */
  readonly isLive: boolean;
}

export interface LiveOutput {
  /** Writes around the live line, so that nothing is torn. */
  readonly output: Output;
  readonly progress: Progress;
}

const ERASE_LINE = "\r\u001B[K";

/** Without `isLive`, or where the output is no terminal that takes escape codes, the progress is silent. */
export function liveOutput(output: Output, { isLive }: { readonly isLive: boolean }): LiveOutput {
  if (!isLive || !output.isTerminal || !output.hasColor)
    return { output, progress: { show: () => undefined, clear: () => undefined, isLive: false } };
  let line = "";
  const draw = (text: string): void => {
    if (line === "" && text === "") return;
    line = text;
    output.write(`${ERASE_LINE}${text}`);
  };
  return {
    output: {
      ...output,
      get columns() {
        return output.columns;
      },
      write: (text) => {
        const shown = line;
        draw("");
        output.write(text);
        if (text.endsWith("\n")) draw(shown);
      },
    },
    progress: { show: (text) => draw(cut(text, output.columns - 1)), clear: () => draw(""), isLive: true },
  };
}

function cut(text: string, columns: number): string {
  return text.length <= columns ? text : `${text.slice(0, Math.max(0, columns - 1))}…`;
}
