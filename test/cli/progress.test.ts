import { expect, it } from "vitest";
import { liveOutput } from "../../src/cli/progress.ts";

function shownOn({ hasColor }: { readonly hasColor: boolean }): { readonly text: string; readonly isLive: boolean } {
  const texts: string[] = [];
  const terminal = { write: (text: string) => void texts.push(text), isTerminal: true, columns: 80, hasColor };
  const { output, progress } = liveOutput(terminal, { isLive: true });
  progress.show("[1/2] App/bot");
  output.write("a line\n");
  progress.clear();
  return { text: texts.join(""), isLive: progress.isLive };
}

it("a terminal has a live line, which other lines do not tear", () => {
  const { text, isLive } = shownOn({ hasColor: true });
  expect(isLive).toBe(true);
  expect(text.replaceAll("\r\u001B[K", "<")).toBe("<[1/2] App/bot<a line\n<[1/2] App/bot<");
});

it("a terminal that takes no escape codes, as NO_COLOR says, gets lines alone", () => {
  expect(shownOn({ hasColor: false })).toEqual({ text: "a line\n", isLive: false });
});
