import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { annotationLines } from "../../../src/ci/runner/annotations.ts";
import { guardedOutput } from "../../../src/ci/runner/guarded-output.ts";
import { outputsText, NO_OUTPUTS } from "../../../src/ci/runner/outputs.ts";
import { maskCommands } from "../../../src/ci/runner/workflow-commands.ts";
import type { Problem } from "../../../src/model/problem.ts";
import { runnerCommands } from "../../support/runner-commands.ts";

/** Texts that try to be commands, in pieces and whole. */
const foreign = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        "::",
        "##[",
        "]",
        "\n",
        "\r",
        "error",
        "set-env name=PATH",
        "stop-commands",
        "add-mask",
        " ",
        "%0A",
        "%25",
        "\u001b[2K",
        "\u202e",
        "\u2028",
      ),
      fc.string({ unit: "binary" }),
      fc.constantFrom("::error::x\n", "  ::set-env name=A::b\n", "x ##[set-output name=a]b\n", "\u0085::error::y"),
    ),
    { maxLength: 12 },
  )
  .map((pieces) => pieces.join(""));

function recorder(): { readonly text: () => string; readonly write: (text: string) => void } {
  const texts: string[] = [];
  return { text: () => texts.join(""), write: (text) => void texts.push(text) };
}

function guardTo(write: (text: string) => void) {
  let count = 0;
  const target = { write, isTerminal: false, columns: 80, hasColor: false };
  return guardedOutput({ runner: "github", target, token: () => `word-${(count += 1)}` });
}

describe("the emulator of the runner", () => {
  it("finds commands as the runner does", () => {
    expect(runnerCommands("  ::error file=a%2Cb.yaml,line=3::50%25 of it")).toEqual([
      { name: "error", properties: { file: "a,b.yaml", line: "3" }, data: "50% of it" },
    ]);
    expect(runnerCommands("text ##[set-env name=A;]b")).toEqual([
      { name: "set-env", properties: { name: "A" }, data: "b" },
    ]);
    expect(runnerCommands("text ::error::b\n::unknown::c")).toEqual([]);
    expect(runnerCommands("::stop-commands::t\n::error::a\n::t::\n::error::b").map(({ data }) => data)).toEqual(["b"]);
  });
});

describe("the log of a job", () => {
  it("has no command in foreign text, whatever it is and however it is cut", () => {
    fc.assert(
      fc.property(fc.array(foreign, { maxLength: 6 }), (texts) => {
        const log = recorder();
        const guard = guardTo(log.write);
        for (const text of texts) guard.output.write(text);
        guard.end();
        expect(runnerCommands(log.text())).toEqual([]);
      }),
    );
  });

  it("has our own commands between foreign texts, and nothing else", () => {
    fc.assert(
      fc.property(foreign, foreign, (before, after) => {
        const log = recorder();
        const guard = guardTo(log.write);
        guard.output.write(before);
        guard.commands(["::error::ours"]);
        guard.output.write(after);
        guard.end();
        expect(runnerCommands(log.text())).toEqual([{ name: "error", properties: {}, data: "ours" }]);
      }),
    );
  });

  it("lets the next step's commands through again", () => {
    const log = recorder();
    const guard = guardTo(log.write);
    guard.output.write("foreign");
    guard.end();
    log.write("::warning::of the next step");
    expect(runnerCommands(log.text()).map(({ data }) => data)).toEqual(["of the next step"]);
  });

  it("of another system has no escape codes", () => {
    const log = recorder();
    const target = { write: log.write, isTerminal: true, columns: 80, hasColor: true };
    const guard = guardedOutput({ runner: "plain", target, token: () => "t" });
    guard.output.write("\u001b[0Ksection_start:1:x\r\u001b[0K\ttext\n");
    guard.commands(["::error::x"]);
    expect(log.text()).toBe("[0Ksection_start:1:x[0K\ttext\n");
  });
});

function problem(over: Partial<Problem>): Problem {
  return { severity: "error", code: "app/unknown-field", message: "no such field", path: "a.yaml", ...over };
}

describe("annotations", () => {
  it("are one command each, with the message unharmed, whatever is in it", () => {
    fc.assert(
      fc.property(foreign, foreign, (message, path) => {
        const lines = annotationLines([problem({ message, path: `p${path}` })], { changed: new Set() });
        const found = runnerCommands(lines.join("\n"));
        expect(found.map(({ name }) => name)).toEqual(["error"]);
        expect(found[0]?.properties["title"]).toBe("app/unknown-field");
      }),
    );
  });

  it("stop at what the runner shows, and say how many more there are", () => {
    const problems = Array.from({ length: 32 }, (_, index) =>
      problem({ path: `${String(index).padStart(2, "0")}.yaml` }),
    );
    const found = runnerCommands(annotationLines(problems, { changed: new Set(["31.yaml"]) }).join("\n"));
    expect(found).toHaveLength(10);
    expect(found[0]?.properties["file"]).toBe("31.yaml");
    expect(found.at(-1)?.data).toBe("and 23 more errors: see the log");
  });

  it("show ten as ten", () => {
    const problems = Array.from({ length: 10 }, (_, index) => problem({ severity: "warning", path: `${index}.yaml` }));
    expect(annotationLines(problems, { changed: new Set() })).toHaveLength(10);
  });

  it("put errors before warnings", () => {
    const lines = annotationLines([problem({ severity: "warning" }), problem({})], { changed: new Set() });
    expect(runnerCommands(lines.join("\n")).map(({ name }) => name)).toEqual(["error", "warning"]);
  });
});

describe("masks and outputs", () => {
  it("mask every line of a secret, and no short piece of it", () => {
    const found = runnerCommands(maskCommands(["first line\nab\nlast line"]).join("\n"));
    expect(found.map(({ data }) => data)).toEqual(["first line\nab\nlast line", "first line", "last line"]);
  });

  it("cannot be ended by a value", () => {
    let count = 0;
    const text = outputsText({ ...NO_OUTPUTS, "comment-url": "x\nend-1\ny=z" }, () => `end-${(count += 1) + 100}`);
    expect(text).toContain("comment-url<<end-112\nx\nend-1\ny=z\nend-112\n");
  });
});
